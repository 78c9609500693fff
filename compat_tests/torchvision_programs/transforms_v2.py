"""torchvision.transforms.v2 on pictures with boxes and masks, and the classes of these tensors."""

import copy
import pickle

import numpy as np
import PIL.Image
import torch
from records import attempt, save
from torchvision import tv_tensors as tv
from torchvision.transforms import InterpolationMode as I
from torchvision.transforms import v2 as T
from torchvision.transforms.v2 import functional as F

g = np.random.default_rng(1)
rgb = g.integers(0, 256, (20, 24, 3)).astype(np.uint8)
pil = PIL.Image.fromarray(rgb)
u8 = torch.from_numpy(rgb.transpose(2, 0, 1).copy())


def sample(kind="u8"):
    img = {"u8": tv.Image(u8), "f": tv.Image(u8.float() / 255), "pil": pil}[kind]
    return {
        "img": img,
        "boxes": tv.BoundingBoxes(
            [[1, 2, 10, 12], [3, 4, 20, 18], [0, 0, 5, 5]], format="XYXY", canvas_size=(20, 24)
        ),
        "fboxes": tv.BoundingBoxes(
            torch.tensor([[5.0, 6.0, 4.0, 4.0], [10, 10, 8, 9]]),
            format=tv.BoundingBoxFormat.CXCYWH,
            canvas_size=(20, 24),
        ),
        "masks": tv.Mask(
            torch.from_numpy(np.random.default_rng(3).integers(0, 2, (3, 20, 24)).astype(np.uint8))
        ),
        "labels": torch.tensor([1, 2, 3]),
        "n": 3,
    }


attempt(
    "repr",
    lambda: (
        repr(sample()["boxes"])
        + repr(sample()["masks"][0, :3, :4])
        + repr(tv.Image(u8[:, :2, :2]))
        + repr(tv.Video(torch.zeros(1, 3, 2, 2)))
    ),
)
attempt("kp", lambda: repr(tv.KeyPoints(torch.tensor([[1, 2], [3, 4]]), canvas_size=(20, 24))))


def kinds():
    s = sample()
    b = s["boxes"]
    out = []
    for f in (
        lambda: b + 1,
        lambda: b.clone(),
        lambda: b.to(torch.float32),
        lambda: b[0],
        lambda: tv.wrap(b + 1, like=b),
        lambda: b.requires_grad_(False),
        lambda: b.detach(),
        lambda: torch.add(b, b),
        lambda: b.add_(1),
        lambda: b.shape,
        lambda: b.canvas_size,
        lambda: b.format,
        lambda: b.is_floating_point(),
        lambda: b.float().sum(),
        lambda: isinstance(b, torch.Tensor),
        lambda: b.to("cpu"),
        lambda: b.unbind(0),
        lambda: torch.stack([b, b]),
        lambda: b.new_zeros(2),
        lambda: b.T,
        lambda: b.data,
        lambda: type(b.data).__name__,
        lambda: b.device,
        lambda: b.dtype,
        lambda: b.ndim,
        lambda: b.tolist(),
        lambda: s["img"] / 255,
        lambda: b == b,
        lambda: torch.nn.functional.relu(b),
        lambda: s["img"].float().mean(),
        lambda: copy.deepcopy(b),
        lambda: copy.copy(b),
        lambda: b.numpy(),
        lambda: s["img"].as_subclass(torch.Tensor),
        lambda: pickle.loads(pickle.dumps(b)),
    ):
        try:
            v = f()
            out.append([type(v).__name__, getattr(v, "canvas_size", None), v])
        except Exception as e:
            out.append([type(e).__name__, str(e)])
    return out


attempt("kinds", kinds)


def wrapping():
    out = []
    with tv.set_return_type("TVTensor"):
        s = sample()
        b = s["boxes"]
        for f in (
            lambda: b + 1,
            lambda: b.float(),
            lambda: s["img"] / 2,
            lambda: b.to("cpu"),
            lambda: b[0],
            lambda: torch.cat([b, b]),
        ):
            v = f()
            out.append([type(v).__name__, repr(v)])
    return out


attempt("wrapping", wrapping)


def par():
    i = tv.Image(torch.rand(3, 4, 4), requires_grad=True)
    o = (i * 2).sum()
    o.backward()
    return [i.requires_grad, i.grad, type(i.grad).__name__, repr(o), i.is_leaf]


attempt("grad", par)


def every(name, make, kinds=("u8", "f", "pil")):
    for k in kinds:
        attempt(
            f"{name} {k}",
            lambda: (
                lambda o: [
                    o,
                    {a: type(b).__name__ for a, b in o.items()}
                    if isinstance(o, dict)
                    else type(o).__name__,
                    repr(o["boxes"]) if isinstance(o, dict) and "boxes" in o else 0,
                ]
            )(make()(sample(k))),
        )
    attempt(f"{name} repr", lambda: repr(make()))


every("toimage", T.ToImage)
every("pure", T.ToPureTensor)
every("todtype", lambda: T.ToDtype(torch.float32, scale=True))
every(
    "todtyped",
    lambda: T.ToDtype({tv.Image: torch.float32, tv.Mask: torch.int64, "others": None}, scale=True),
)
every("norm", lambda: T.Normalize([0.5] * 3, [0.2] * 3))
every("conv", lambda: T.ConvertBoundingBoxFormat("XYWH"))
every("clampb", T.ClampBoundingBoxes)
every("resize", lambda: T.Resize(9))
every("resize2", lambda: T.Resize((30, 11)))
every("resizemax", lambda: T.Resize(9, max_size=10))
every("resizen", lambda: T.Resize((30, 11), interpolation=I.NEAREST))
every("rr", lambda: T.RandomResize(8, 20))
every("rss", lambda: T.RandomShortestSize([8, 9, 10]))
every("center", lambda: T.CenterCrop((8, 30)))
every("rcrop", lambda: T.RandomCrop((8, 9)))
every("rcropp", lambda: T.RandomCrop((25, 29), padding=2, pad_if_needed=True))
every("rrc", lambda: T.RandomResizedCrop(10))
every("iou", lambda: T.RandomIoUCrop())
every("zoom", lambda: T.RandomZoomOut())
every("ssj", lambda: T.ScaleJitter((20, 20)))
every("pad", lambda: T.Pad((1, 2, 3, 4), fill=7))
every("padr", lambda: T.Pad(2, padding_mode="reflect"))
every("hf", lambda: T.RandomHorizontalFlip(0.9))
every("vf", lambda: T.RandomVerticalFlip(0.9))
every("jit", lambda: T.ColorJitter(0.4, 0.4, 0.4, 0.2))
every("photo", lambda: T.RandomPhotometricDistort(p=0.9))
every("chan", T.RandomChannelPermutation)
every("aff", lambda: T.RandomAffine(30, (0.1, 0.2), (0.8, 1.2), (5, 10, 3, 6)))
every("rot", lambda: T.RandomRotation(40))
every("rote", lambda: T.RandomRotation(40, expand=True, interpolation=I.BILINEAR))
every("persp", lambda: T.RandomPerspective(0.5, 1.0))
every("ela", lambda: T.ElasticTransform(20.0))
every("erase", lambda: T.RandomErasing(1.0))
every("g", T.Grayscale)
every("gr", lambda: T.RandomGrayscale(0.9))
every("rgb", T.RGB)
every("blur", lambda: T.GaussianBlur(5))
every("noise", T.GaussianNoise)
every("inv", lambda: T.RandomInvert(1.0))
every("post", lambda: T.RandomPosterize(3, 1.0))
every("sol", lambda: T.RandomSolarize(0.4, 1.0))
every("sh", lambda: T.RandomAdjustSharpness(2, 1.0))
every("ac", lambda: T.RandomAutocontrast(1.0))
every("eq", lambda: T.RandomEqualize(1.0))
every(
    "compose",
    lambda: T.Compose(
        [
            T.ToImage(),
            T.RandomResizedCrop(12),
            T.RandomHorizontalFlip(),
            T.ClampBoundingBoxes(),
            T.SanitizeBoundingBoxes(min_size=3),
            T.ToDtype(torch.float32, scale=True),
            T.Normalize([0.5] * 3, [0.5] * 3),
        ]
    ),
)


def simple(name, make, kinds=("u8", "pil")):
    for k in kinds:
        attempt(f"{name} {k}", lambda: make()(sample(k)["img"]))


for k in range(4):
    simple(f"aa{k}", lambda: T.Compose([T.AutoAugment() for _ in range(k + 1)]))
    simple(f"ra{k}", lambda: T.RandAugment(k + 1))
    simple(f"ta{k}", lambda: T.Compose([T.TrivialAugmentWide() for _ in range(k + 1)]))
simple("augmix", T.AugMix)
simple("five", lambda: T.FiveCrop(7))
simple("ten", lambda: T.TenCrop(7))
simple("jpeg", lambda: T.JPEG(50), ("u8",))
attempt(
    "lin",
    lambda: T.LinearTransformation(torch.eye(4) * 2, torch.ones(4))(
        torch.arange(4.0).reshape(1, 2, 2)
    ),
)
attempt(
    "uniform",
    lambda: T.UniformTemporalSubsample(3)(tv.Video(torch.arange(10 * 3.0).reshape(10, 3, 1, 1))),
)
attempt("topil", lambda: T.ToPILImage()(u8))
attempt("five2", lambda: F.five_crop(u8, [3, 3]))
for n in [
    "get_size",
    "get_dimensions",
    "hflip",
    "vertical_flip",
    "invert",
    "rgb_to_grayscale",
    "autocontrast",
    "equalize",
]:
    for k in ("u8", "pil"):
        attempt(n + k, lambda: getattr(F, n)(sample(k)["img"]))
attempt(
    "F.boxes",
    lambda: [
        F.convert_bounding_box_format(sample()["boxes"], new_format="CXCYWH"),
        F.clamp_bounding_boxes(sample()["boxes"]),
        F.sanitize_bounding_boxes(sample()["boxes"]),
    ],
)
attempt(
    "fmt",
    lambda: F.convert_bounding_box_format(
        torch.rand(3, 4), old_format=tv.BoundingBoxFormat.XYXY, new_format="XYWH"
    ),
)
attempt(
    "rotb",
    lambda: F.rotate(
        tv.BoundingBoxes(
            torch.tensor([[5.0, 6.0, 4.0, 4.0, 30.0]]), format="CXCYWHR", canvas_size=(20, 24)
        ),
        20.0,
    ),
)
attempt(
    "kp resize",
    lambda: F.resize(tv.KeyPoints(torch.tensor([[1, 2], [3, 4]]), canvas_size=(20, 24)), [10, 12]),
)
attempt("wrap", lambda: F.to_dtype(u8, torch.float32, scale=True))
attempt("pil_to", lambda: F.pil_to_tensor(pil))
attempt("toim", lambda: F.to_image(rgb))
attempt("err", lambda: tv.BoundingBoxes([[1, 2, 3]], format="XYXY", canvas_size=(3, 4)))
attempt("err2", lambda: tv.BoundingBoxes(torch.zeros(1, 2, 4), format="XYXY", canvas_size=(3, 4)))
attempt("err3", lambda: tv.Image(torch.tensor(3)))
attempt("err4", lambda: tv.Mask([[1, 2], [3, 4]]))


def mixed(transform, labels):
    batch = torch.arange(4 * 3 * 6 * 5.0).reshape(4, 3, 6, 5) / 360
    video = tv.Video(torch.arange(4 * 2 * 3 * 4 * 4.0).reshape(4, 2, 3, 4, 4))
    found = [transform(batch, labels), transform(tv.Image(batch), labels), transform(video, labels)]
    return [*found, transform({"image": batch, "labels": labels, "more": 3}), repr(transform)]


labels = torch.tensor([0, 2, 1, 2])
for name, make in (
    ("mixup", lambda: T.MixUp(num_classes=3)),
    ("mixup alpha", lambda: T.MixUp(alpha=0.3, num_classes=3)),
    ("cutmix", lambda: T.CutMix(num_classes=3)),
    ("cutmix alpha", lambda: T.CutMix(alpha=5.0, num_classes=4)),
    ("either", lambda: T.RandomChoice([T.CutMix(num_classes=3), T.MixUp(num_classes=3)])),
):
    attempt(name, lambda: mixed(make(), labels))
attempt("mixed shares", lambda: mixed(T.MixUp(), torch.eye(4)[:, :3]))
attempt("mixed few", lambda: T.MixUp(num_classes=3)(torch.ones(1, 3, 2, 2), labels))
attempt("mixed below", lambda: T.MixUp(num_classes=2)(torch.ones(4, 3, 2, 2), labels))
attempt("mixed alpha", lambda: T.CutMix(alpha=-1.0))
attempt("mixed none", lambda: T.CutMix(num_classes=3)(torch.ones(4, 3, 2, 2)))
attempt(
    "dataload",
    lambda: [
        type(v).__name__
        for v in torch.utils.data.default_collate([sample("f")["img"], sample("f")["img"]])
    ],
)
save()
