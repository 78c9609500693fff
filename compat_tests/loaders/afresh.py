"""Workers and processes that are started afresh, and tensors that they share."""

import faulthandler
import logging
import os
import time

import numpy as np
import torch
import torch.multiprocessing as mp
from torch.utils.data import DataLoader, Dataset

faulthandler.dump_traceback_later(100, exit=True)
logging.disable(logging.WARNING)  # that the others are ended, with their ids


class Samples(Dataset):
    def __init__(self):
        self.values = torch.arange(12.0).reshape(6, 2)

    def __len__(self):
        return 6

    def __getitem__(self, place):
        return self.values[place] * 2, np.full(20000, place), torch.rand(1), np.random.rand()


def work(index, shared, parameter, answers, queue):
    shared[index] += 5
    with torch.no_grad():
        parameter.mul_(2)
    column = torch.arange(4).reshape(2, 2).t()
    answers.put((index, shared, column, [shared[1:], shared], torch.zeros(0)))
    queue.get()  # the memory is this process's until it has been taken over


def fail(index):
    if index == 1:
        raise ValueError("bad one")
    time.sleep(60)


def leave(index):
    os._exit(3)  # whichever is first


def main():
    torch.manual_seed(0)
    for batch in DataLoader(
        Samples(), batch_size=4, shuffle=True, num_workers=1, multiprocessing_context="spawn"
    ):
        print([batch[0], batch[1].sum(), batch[2], batch[3]])
    print(torch.rand(2))
    shared, parameter = torch.zeros(3), torch.nn.Parameter(torch.ones(2))
    view = shared[1:]
    answers, queue = mp.Queue(), mp.Queue()
    if METHOD == "fork":
        shared.share_memory_(), parameter.share_memory_()
    running = mp.start_processes(
        work, (shared, parameter, answers, queue), nprocs=2, join=False, start_method=METHOD
    )
    first, second = sorted([answers.get(), answers.get()], key=lambda each: each[0])
    queue.put(None), queue.put(None)
    while not running.join():
        pass
    print(first, second[2].stride(), second[4].shape, shared, view, parameter)
    first[1].fill_(7)
    print(
        shared, view, second[3][0], shared.is_shared(), view.is_shared(), torch.ones(1).is_shared()
    )
    for function in (fail, leave):
        try:
            mp.start_processes(function, nprocs=2, start_method=METHOD)
        except mp.ProcessRaisedException as error:
            print(str(error).split("Traceback")[0], str(error).splitlines()[-1], error.error_index)
        except mp.ProcessExitedException as error:
            print(str(error)[10:], error.exit_code)
    try:
        mp.reductions.reduce_tensor(parameter * 2)
    except RuntimeError as error:
        print(error)
    print(mp.get_sharing_strategy(), sorted(mp.get_all_sharing_strategies()))
    mp.set_sharing_strategy("file_system")
    print(mp.get_sharing_strategy(), mp.get_all_start_methods())


METHOD = "fork"
if __name__ == "__main__":
    main()
