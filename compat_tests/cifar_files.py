"""Writes a small data set in the files of CIFAR-10: `python cifar_files.py FOLDER [pictures a file]`.

The pictures are noise over one pattern for each class, so that a network can learn to tell them
apart. They are not CIFAR-10's, and neither are the checksums.
"""

import pathlib
import pickle
import sys

import numpy as np

CLASSES = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
]  # fmt: skip
TRAIN = [f"data_batch_{number}" for number in range(1, 6)]
TEST = ["test_batch"]


def write(folder, count=80):
    """Six files of `count` pictures each, and one with the names of the classes."""
    folder = pathlib.Path(folder) / "cifar-10-batches-py"
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(10)
    patterns = draw.uniform(0, 255, (len(CLASSES), 3, 4, 4))
    for name in (*TRAIN, *TEST):
        labels = draw.integers(0, len(CLASSES), count)
        pictures = patterns[labels].repeat(8, axis=2).repeat(8, axis=3)
        pictures = 0.3 * pictures + draw.uniform(0, 178, pictures.shape)
        content = {
            "batch_label": name,
            "labels": labels.tolist(),
            "data": pictures.astype(np.uint8).reshape(count, -1),
            "filenames": [f"{name}_{index}.png" for index in range(count)],
        }
        (folder / name).write_bytes(pickle.dumps(content, 2))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": CLASSES}, 2))


if __name__ == "__main__":
    write(sys.argv[1], *map(int, sys.argv[2:]))
