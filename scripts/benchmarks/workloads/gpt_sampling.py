"""The small GPT draws tokens, one by one, from all that came before; the context grows.

A step begins with the same prompt and the same seed. Its "loss" is the sum of all tokens.
"""

from benchmarks.workloads import gpt

CASES = {"GPT sampling, 64 tokens": {"blocks": 4, "width": 128, "prompt": 8, "tokens": 64}}
TINY = [{"blocks": 1, "width": 16, "prompt": 2, "tokens": 3}]
WHOLE = 3


def program(torch, compiled, blocks, width, prompt, tokens):
    torch.manual_seed(0)
    net = gpt.network(torch, blocks, width).eval()
    first = torch.randint(0, gpt.TOKENS, (1, prompt))
    torch.manual_seed(1)
    # What multinomial draws for one row of probabilities; jax.jit is given the same.
    noise = torch.stack([torch.empty(gpt.TOKENS).exponential_() for _ in range(tokens)])
    start = {"first": first, "noise": noise, **net.state_dict()}
    model = compiled(net)

    def step():
        torch.manual_seed(1)
        context = first
        with torch.no_grad():
            for _ in range(tokens):
                probabilities = torch.softmax(model(context)[:, -1], dim=-1)
                drawn = torch.multinomial(probabilities, num_samples=1)
                context = torch.cat((context, drawn), dim=1)
        return float(context.sum().item())

    return step, start
