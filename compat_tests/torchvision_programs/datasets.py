"""Data sets that read files in the formats they are published in, written here, not downloaded."""

import hashlib
import pathlib
import pickle
import struct

import numpy as np
import PIL.Image
import torch
from records import attempt, save
from torchvision import datasets as D
from torchvision import transforms as T

root = pathlib.Path("data")
root.mkdir(exist_ok=True)
g = np.random.default_rng(2)


def idx(path, a):
    head = struct.pack(
        ">HBB", 0, {"uint8": 8, "int32": 12, "float32": 13, "int16": 11}[str(a.dtype)], a.ndim
    ) + struct.pack(f">{a.ndim}I", *a.shape)
    b = head + a.astype(a.dtype.newbyteorder(">")).tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b)


for name in ("MNIST", "FashionMNIST", "KMNIST"):
    for k, n in (("train", 12), ("t10k", 5)):
        idx(
            root / name / "raw" / f"{k}-images-idx3-ubyte",
            g.integers(0, 256, (n, 28, 28)).astype(np.uint8),
        )
        idx(root / name / "raw" / f"{k}-labels-idx1-ubyte", g.integers(0, 10, n).astype(np.uint8))


def show(ds):
    return [repr(ds), len(ds), [ds[i] for i in range(2)], getattr(ds, "classes", None)]


for name in ("MNIST", "FashionMNIST", "KMNIST"):
    for tr in (True, False):
        attempt(f"{name} {tr}", lambda: show(getattr(D, name)(root, train=tr)))
        attempt(
            f"{name} {tr} t",
            lambda: show(
                getattr(D, name)(
                    root, train=tr, transform=T.ToTensor(), target_transform=lambda y: y + 1
                )
            )[1:],
        )
attempt("mnist attrs", lambda: [(d := D.MNIST(root)).data, d.targets, d.class_to_idx])
attempt("mnist missing", lambda: D.MNIST(root / "none"))
attempt("EMNIST missing", lambda: D.EMNIST(root / "none", "letters"))
attempt(
    "mnist loader",
    lambda: [
        b
        for b in torch.utils.data.DataLoader(
            D.MNIST(root, transform=T.ToTensor()), batch_size=5, shuffle=True
        )
    ],
)
# cifar100
f = root / "cifar-100-python"
f.mkdir(exist_ok=True)
for k, n in (("train", 6), ("test", 3)):
    (f / k).write_bytes(
        pickle.dumps(
            {
                "data": g.integers(0, 256, (n, 3072)).astype(np.uint8),
                "fine_labels": g.integers(0, 100, n).tolist(),
                "coarse_labels": g.integers(0, 20, n).tolist(),
                "filenames": [f"{i}.png" for i in range(n)],
                "batch_label": k,
            },
            2,
        )
    )
(f / "meta").write_bytes(
    pickle.dumps(
        {
            "fine_label_names": [f"c{i}" for i in range(100)],
            "coarse_label_names": [f"k{i}" for i in range(20)],
        },
        2,
    )
)


class C100(D.CIFAR100):
    train_list = [["train", hashlib.md5((f / "train").read_bytes()).hexdigest()]]
    test_list = [["test", hashlib.md5((f / "test").read_bytes()).hexdigest()]]
    meta = {
        "filename": "meta",
        "key": "fine_label_names",
        "md5": hashlib.md5((f / "meta").read_bytes()).hexdigest(),
    }


attempt("c100", lambda: show(C100(root)))
attempt("c100t", lambda: show(C100(root, train=False, transform=T.ToTensor()))[1:])
attempt("c100bad", lambda: D.CIFAR100(root))
attempt(
    "c100loader",
    lambda: list(
        torch.utils.data.DataLoader(
            C100(
                root,
                transform=T.Compose(
                    [T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor()]
                ),
            ),
            batch_size=4,
            shuffle=True,
        )
    ),
)
attempt(
    "c100workers",
    lambda: list(
        torch.utils.data.DataLoader(
            C100(
                root,
                transform=T.Compose(
                    [T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor()]
                ),
            ),
            batch_size=4,
            shuffle=True,
            num_workers=2,
        )
    ),
)
attempt("fake", lambda: show(D.FakeData(5, (3, 6, 7), 4)))
attempt("faket", lambda: show(D.FakeData(5, (3, 6, 7), 4, transform=T.ToTensor())))
for c in ("cat", "dog"):
    (root / "pictures" / c).mkdir(parents=True, exist_ok=True)
    for i in range(3):
        PIL.Image.fromarray(g.integers(0, 256, (8 + i, 9, 3)).astype(np.uint8)).save(
            root / "pictures" / c / f"{i}.png"
        )
    np.save(root / "pictures" / c / "a.npy", np.arange(3.0) + len(c))


def fold():
    d = D.ImageFolder(root / "pictures")
    return [
        repr(d).replace(str(root), ""),
        d.classes,
        d.class_to_idx,
        [str(s[0]).replace(str(root), "") for s in d.samples],
        d.imgs[0][1],
        d.targets,
        d[0],
        d[4],
    ]


attempt("folder", fold)
attempt(
    "folder loader",
    lambda: list(
        torch.utils.data.DataLoader(
            D.ImageFolder(root / "pictures", transform=T.Compose([T.Resize((6, 6)), T.ToTensor()])),
            batch_size=3,
        )
    ),
)
attempt(
    "dfolder",
    lambda: [
        (
            d := D.DatasetFolder(
                root / "pictures",
                loader=lambda p: torch.from_numpy(np.load(p)),
                extensions=(".npy",),
            )
        )[0],
        d[1],
        len(d),
        d.classes,
    ],
)
attempt("folder err", lambda: D.ImageFolder(root / "cifar-100-python"))
attempt(
    "folder err2", lambda: D.DatasetFolder(root / "pictures", loader=np.load, extensions=(".xyz",))
)
attempt("subset", lambda: [D.wrap_dataset_for_transforms_v2(D.FakeData(3, (3, 4, 4), 2))[0]])
idx(root / "t.idx", g.integers(-9, 9, (2, 3)).astype(np.int32))
attempt("read", lambda: D.mnist.read_sn3_pascalvincent_tensor(str(root / "t.idx")))
idx(root / "t2.idx", g.random((2, 3)).astype(np.float32))
attempt("read2", lambda: D.mnist.read_sn3_pascalvincent_tensor(str(root / "t2.idx")))
# USPS, SVHN? STL10
stl = root / "stl10_binary"
stl.mkdir(exist_ok=True)
g.integers(0, 256, (4, 3, 96, 96)).astype(np.uint8).tofile(stl / "test_X.bin")
g.integers(1, 11, 4).astype(np.uint8).tofile(stl / "test_y.bin")
(stl / "class_names.txt").write_text("\n".join("abcdefghij"))


class STL(D.STL10):
    def _check_integrity(self):
        return True


attempt("stl", lambda: show(STL(root, "test")))
save()
