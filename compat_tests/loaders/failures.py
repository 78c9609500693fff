"""Workers that raise, die, take too long, and programs that end early."""

import faulthandler
import os
import re
import signal
import sys
import time

import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset

faulthandler.dump_traceback_later(100, exit=True)


class Two(Exception):
    def __init__(self, one, two):
        super().__init__(one)


def fail(how):
    if how == "value":
        raise ValueError("no three")
    if how == "key":
        return {}["three"]
    if how == "two":
        raise Two(1, 2)
    if how == "stop":
        raise StopIteration
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "exit":
        os._exit(7)
    if how == "exits":
        sys.exit(3)
    if how == "sleep":
        time.sleep(3)
    if how == "shape":
        return torch.ones(3)
    if how == "wider":
        return torch.ones(2).double() / 3
    if how == "floats":
        return torch.ones(2, dtype=torch.complex64)
    if how == "array":
        return torch.ones(2).numpy()
    if how == "tracked":
        return torch.nn.Parameter(torch.ones(2))
    return torch.ones(2)


class Fails(Dataset):
    def __init__(self, how):
        self.how = how

    def __len__(self):
        return 6

    def __getitem__(self, place):
        return fail(self.how) if place == 3 else torch.ones(2)


class FailsToBegin(IterableDataset):
    def __iter__(self):
        raise RuntimeError("no stream")


def plain(error):
    """The text without the lines that name places in torch."""
    text = re.sub(r"\(pid(\(s\))? \d+\)", "(pid N)", str(error))
    return [line for line in text.splitlines() if not line.startswith("  ")]


def run(loader, most=9):
    batches = iter(loader)
    for _ in range(most):
        try:
            batch = next(batches)
        except StopIteration:
            break
        except Exception as error:
            print("   ", type(error).__name__, plain(error), "from", plain(error.__cause__))
        else:
            print(end=f"{tuple(batch.shape)} {batch.dtype} {batch.sum():.4f} ")
    print()


for how in ("value", "key", "two", "stop"):
    print("#", how)
    run(DataLoader(Fails(how), num_workers=2))
for how in ("shape", "wider", "floats", "array", "tracked"):
    print("#", how)
    run(DataLoader(Fails(how), batch_size=3, sampler=[0, 1, 3, 3, 0, 1], num_workers=1))
print("# begins")
run(DataLoader(FailsToBegin(), num_workers=2), most=1)
run(DataLoader(Fails(""), num_workers=2, worker_init_fn=lambda worker: 1 / worker), most=1)
for how in ("killed", "exit", "exits"):
    print("#", how)
    loader = iter(DataLoader(Fails(how), num_workers=1, batch_size=6))
    try:
        next(loader)
    except RuntimeError as error:
        print(type(error).__name__, plain(error), "from", plain(error.__cause__))
print("# late")
run(DataLoader(Fails("sleep"), num_workers=1, batch_size=6, timeout=1), most=1)
print("# let go")
loader = iter(DataLoader(Fails(""), num_workers=2))
next(loader)
workers = loader._workers
del loader
print([worker.is_alive() for worker in workers])
next(iter(DataLoader(Fails(""), num_workers=2)))
persistent = DataLoader(Fails(""), num_workers=2, persistent_workers=True)
still = iter(persistent)
print(next(still).shape, flush=True)
