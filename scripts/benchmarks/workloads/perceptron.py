"""A perceptron with two hidden layers, its data shuffled and cut into batches by a DataLoader: Adam.

A step is a pass over the data.
"""

CASES = {"MLP, an epoch of a DataLoader": {"samples": 1024, "batch": 64, "hidden": 256}}
TINY = [{"samples": 24, "batch": 8, "hidden": 16}]
WHOLE = 10


def program(torch, compiled, samples, batch, hidden):
    nn, data = torch.nn, torch.utils.data
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Linear(784, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 10),
    )
    pictures, labels = torch.randn(samples, 784), torch.randint(0, 10, (samples,))
    generator = torch.Generator()
    dataset = data.TensorDataset(pictures, labels)
    loader = data.DataLoader(dataset, batch_size=batch, shuffle=True, generator=generator)
    generator.manual_seed(0)
    order = torch.stack(
        [
            places
            for places in data.DataLoader(
                torch.arange(samples), batch_size=batch, shuffle=True, generator=generator
            )
        ]
    )
    start = {"pictures": pictures, "labels": labels, "order": order}
    start.update(network.state_dict())
    model = compiled(network)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)

    def step():
        generator.manual_seed(0)  # the same order in each epoch, which jax.jit is given
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(loader)

    return step, start
