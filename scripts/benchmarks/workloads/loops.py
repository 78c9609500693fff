"""Loops that write into views: heat spreading over a plate, a history by rows, shortest paths."""

CASES = {
    "in place: heat by slices": {"kind": "heat", "size": 128, "turns": 50},
    "in place: a history by rows": {"kind": "history", "size": 64, "turns": 50},
    "in place: shortest paths": {"kind": "paths", "size": 64, "turns": 64},
}
TINY = [{"kind": kind, "size": 5, "turns": 5} for kind in ("heat", "history", "paths")]
WHOLE = 50


def program(torch, compiled, kind, size, turns):
    torch.manual_seed(0)
    return {"heat": heat, "history": history, "paths": paths}[kind](torch, size, turns)


def heat(torch, size, turns):
    hot = torch.rand(size, size)

    def step():
        plate = hot.clone()
        for _ in range(turns):
            inner = plate[1:-1, 1:-1]
            around = plate[:-2, 1:-1] + plate[2:, 1:-1] + plate[1:-1, :-2] + plate[1:-1, 2:]
            inner += 0.2 * (around - 4.0 * inner)
        return plate.sum().item()

    return step, {"plate": hot}


def history(torch, size, turns):
    first, mixing = torch.randn(size), torch.randn(size, size) / size**0.5

    def step():
        states = torch.zeros(turns + 1, size)
        states[0] = first
        for turn in range(turns):
            states[turn + 1] = torch.tanh(mixing @ states[turn])
        states[:, ::2].mul_(2.0)
        return states.pow(2).sum().item()

    return step, {"first": first, "mixing": mixing}


def paths(torch, size, turns):
    roads = torch.rand(size, size)
    roads.fill_diagonal_(0.0)

    def step():
        shortest = roads.clone()
        for k in range(turns):
            torch.minimum(shortest, shortest[:, k, None] + shortest[k], out=shortest)
        return shortest.sum().item()

    return step, {"roads": roads}
