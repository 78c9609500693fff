"""A generator and a discriminator over points of the plane, each with an optimizer of its own: Adam.

A step makes ten updates of both, from the same seed each time, and reads the two last losses.
"""

CASES = {"GAN, two optimizers": {"batch": 64, "hidden": 128}}
TINY = [{"batch": 4, "hidden": 8}]
WHOLE = 10
UPDATES, NOISE = 10, 16


def program(torch, compiled, batch, hidden):
    nn = torch.nn
    torch.manual_seed(0)

    def layers(inputs, outputs):
        return nn.Sequential(
            nn.Linear(inputs, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, outputs),
        )

    generator, discriminator = layers(NOISE, 2), layers(2, 1)

    def draw():
        points = torch.randn(batch, 2) * 0.5 + 2.0
        return points, torch.randn(batch, NOISE)

    torch.manual_seed(1)
    points, noise = (
        torch.stack(each) for each in zip(*(draw() for _ in range(UPDATES)), strict=True)
    )
    start = {"points": points, "noise": noise}
    for prefix, network in (("generator", generator), ("discriminator", discriminator)):
        start.update((f"{prefix}.{key}", each) for key, each in network.state_dict().items())
    make, judge = compiled(generator), compiled(discriminator)
    of_generator = torch.optim.Adam(generator.parameters(), lr=2e-5, betas=(0.5, 0.999))
    of_discriminator = torch.optim.Adam(discriminator.parameters(), lr=2e-5, betas=(0.5, 0.999))
    loss_of = nn.BCEWithLogitsLoss()
    yes, no = torch.ones(batch, 1), torch.zeros(batch, 1)

    def step():
        torch.manual_seed(1)
        for _ in range(UPDATES):
            points, noise = draw()
            made = make(noise)
            of_discriminator.zero_grad()
            judged = loss_of(judge(points), yes) + loss_of(judge(made.detach()), no)
            judged.backward()
            of_discriminator.step()
            of_generator.zero_grad()
            fooled = loss_of(judge(made), yes)
            fooled.backward()
            of_generator.step()
        return judged.item() + fooled.item()

    return step, start
