"""Every transform of torchvision.transforms, on pictures, bytes and floats, with its draws."""

import numpy as np
import PIL.Image
import torch
from records import attempt, save
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode as I
from torchvision.transforms import functional as F

g = np.random.default_rng(1)
rgb = g.integers(0, 256, (20, 24, 3)).astype(np.uint8)
pil = PIL.Image.fromarray(rgb)
grey = pil.convert("L")
u8 = torch.from_numpy(rgb.transpose(2, 0, 1).copy())
f = u8.float() / 255


def every(name, make, inputs=("pil", "u8", "f")):
    d = dict(pil=pil, u8=u8, f=f, grey=grey, rgb=rgb)
    for k in inputs:
        attempt(f"{name} {k}", lambda: make()(d[k]))
    if "function" not in repr(make()):
        attempt(f"{name} repr", lambda: repr(make()))


every("totensor", T.ToTensor, ("pil", "grey", "rgb", "u8"))
every("piltotensor", T.PILToTensor, ("pil", "grey", "f"))
every("topil", T.ToPILImage, ("u8", "f", "rgb"))
every("norm", lambda: T.Normalize((0.5, 0.4, 0.3), (0.2, 0.3, 0.1)), ("f", "u8", "pil"))
every("resize", lambda: T.Resize(9))
every("resize2", lambda: T.Resize((30, 11)))
every("resizemax", lambda: T.Resize(9, max_size=10))
every("resizenearest", lambda: T.Resize((13, 29), interpolation=I.NEAREST))
every("resizenearestexact", lambda: T.Resize((13, 29), interpolation=I.NEAREST_EXACT))
every("resizebicubic", lambda: T.Resize((13, 29), interpolation=I.BICUBIC))
every("resizebilnoaa", lambda: T.Resize((13, 29), antialias=False))
every("center", lambda: T.CenterCrop((8, 30)))
every("randcrop", lambda: T.RandomCrop((8, 9)))
every(
    "randcroppad",
    lambda: T.RandomCrop((22, 29), padding=3, pad_if_needed=True, padding_mode="reflect"),
)
every("pad", lambda: T.Pad((1, 2, 3, 4), fill=7))
every("padedge", lambda: T.Pad(2, padding_mode="edge"))
every("padsym", lambda: T.Pad(2, padding_mode="symmetric"))
every("hflip", lambda: T.RandomHorizontalFlip(0.9))
every("vflip", lambda: T.RandomVerticalFlip(0.9))
every("jitter", lambda: T.ColorJitter(0.4, 0.4, 0.4, 0.2))
every("affine", lambda: T.RandomAffine(30, (0.1, 0.2), (0.8, 1.2), (5, 10, 3, 6)))
every(
    "affinebil",
    lambda: T.RandomAffine(30, (0.1, 0.2), (0.8, 1.2), 10, interpolation=I.BILINEAR, fill=3),
)
every("rot", lambda: T.RandomRotation(40))
every("rotexp", lambda: T.RandomRotation(40, expand=True, interpolation=I.BILINEAR, fill=2))
every("persp", lambda: T.RandomPerspective(0.5, 1.0))
every("erase", lambda: T.RandomErasing(1.0), ("u8", "f"))
every("eraserand", lambda: T.RandomErasing(1.0, value="random"), ("f", "u8"))
every("eraseval", lambda: T.RandomErasing(1.0, value=(1, 2, 3), inplace=False), ("f",))
every("rrc", lambda: T.RandomResizedCrop(10))
every("grey1", lambda: T.Grayscale(1))
every("grey3", lambda: T.Grayscale(3))
every("rgrey", lambda: T.RandomGrayscale(0.9))
every("blur", lambda: T.GaussianBlur(5, (0.1, 2.0)))
every("lam", lambda: T.Lambda(lambda x: x), ("u8",))
every(
    "compose",
    lambda: T.Compose(
        [
            T.RandomResizedCrop(10),
            T.RandomHorizontalFlip(),
            T.ToTensor(),
            T.Normalize((0.5,), (0.5,)),
        ]
    ),
    ("pil",),
)
every("five", lambda: T.FiveCrop(7))
every("ten", lambda: T.TenCrop(7))
every("invert", lambda: T.RandomInvert(1.0))
every("poster", lambda: T.RandomPosterize(3, 1.0), ("pil", "u8"))
every("solar", lambda: T.RandomSolarize(0.4, 1.0), ("f",))
every("solar8", lambda: T.RandomSolarize(100, 1.0), ("u8", "pil"))
every("sharp", lambda: T.RandomAdjustSharpness(2, 1.0))
every("autoc", lambda: T.RandomAutocontrast(1.0))
every("equal", lambda: T.RandomEqualize(1.0), ("u8", "pil"))
every("elastic", lambda: T.ElasticTransform(20.0))
attempt(
    "linear",
    lambda: T.LinearTransformation(torch.eye(4) * 2, torch.ones(4))(
        torch.arange(4.0).reshape(1, 2, 2)
    ),
)
every("convert", lambda: T.ConvertImageDtype(torch.float32), ("u8", "f"))
every("convert16", lambda: T.ConvertImageDtype(torch.uint8), ("u8", "f"))
every("apply", lambda: T.RandomApply([T.Grayscale(3)], 0.5))
every("order", lambda: T.RandomOrder([T.RandomHorizontalFlip(1), T.RandomRotation(20)]))
every("choice", lambda: T.RandomChoice([T.RandomHorizontalFlip(1), T.RandomRotation(20)]))
for p in T.AutoAugmentPolicy:
    every(f"aa {p}", lambda: T.AutoAugment(p), ("pil", "u8"))
for k in range(6):
    every(f"aa{k}", lambda: T.Compose([T.AutoAugment() for _ in range(k + 1)]), ("pil", "u8"))
    every(f"ra{k}", lambda: T.RandAugment(k + 1), ("pil", "u8"))
    every(
        f"ta{k}", lambda: T.Compose([T.TrivialAugmentWide() for _ in range(k + 1)]), ("pil", "u8")
    )
every("augmix", lambda: T.AugMix(), ("pil", "u8"))
for n in [
    "adjust_brightness",
    "adjust_contrast",
    "adjust_saturation",
    "adjust_gamma",
    "adjust_hue",
    "adjust_sharpness",
]:
    every(f"F.{n}", lambda: lambda x: getattr(F, n)(x, 0.3))
for n in [
    "hflip",
    "vflip",
    "invert",
    "autocontrast",
    "rgb_to_grayscale",
    "get_dimensions",
    "get_image_size",
    "get_image_num_channels",
    "equalize",
]:
    every(f"F.{n}", lambda: getattr(F, n), ("pil", "u8"))
every("crop", lambda: lambda x: F.crop(x, -2, 3, 10, 30))
every("resizedcrop", lambda: lambda x: F.resized_crop(x, 2, 3, 10, 12, [7, 8]))
every(
    "perspective",
    lambda: (
        lambda x: F.perspective(
            x,
            [[0, 0], [23, 0], [23, 19], [0, 19]],
            [[2, 3], [20, 1], [22, 17], [1, 18]],
            I.BILINEAR,
            fill=[1.0, 2.0, 3.0],
        )
    ),
)
every("affine fn", lambda: lambda x: F.affine(x, 20.0, [1, 2], 1.2, [3.0, 4.0]))
every(
    "erase fn",
    lambda: lambda x: F.erase(x, 1, 2, 3, 4, torch.zeros(3, 1, 1).to(x.dtype)),
    ("u8", "f"),
)
save()
