"""An LSTM over characters, line by line; no two of the 50 lines have the same length.

A step is a pass over all lines, each with its own update.
"""

CASES = {"character LSTM, 50 lengths": {"lines": 50, "shortest": 10, "hidden": 64}}
TINY = [{"lines": 2, "shortest": 3, "hidden": 8}]
WHOLE = 2
CHARACTERS = 60


def program(torch, compiled, lines, shortest, hidden):
    nn = torch.nn
    torch.manual_seed(0)

    class Characters(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(CHARACTERS, 32)
            self.lstm = nn.LSTM(32, hidden)
            self.head = nn.Linear(hidden, CHARACTERS)

        def forward(self, line):
            return self.head(self.lstm(self.embedding(line))[0])

    network = Characters()
    texts = [torch.randint(0, CHARACTERS, (shortest + 1 + i,)) for i in range(lines)]
    start = {f"line {i}": text for i, text in enumerate(texts)}
    start.update(network.state_dict())
    model = compiled(network)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01)

    def step():
        total = 0.0
        for text in texts:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(text[:-1]), text[1:])
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / lines

    return step, start
