"""A small GAN with spectral norm and a pixel-shuffle generator; SSIM between samples."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def weights_init(m):
    name = m.__class__.__name__
    if name.find("Conv") != -1:
        nn.init.normal_(m.weight.data, 0.0, 0.02)
    elif name.find("BatchNorm") != -1:
        nn.init.normal_(m.weight.data, 1.0, 0.02)
        nn.init.constant_(m.bias.data, 0)


class Generator(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.fc = nn.Linear(z, 16 * 4 * 4)
        self.main = nn.Sequential(
            nn.Conv2d(16, 32, 3, 1, 1, padding_mode="reflect"), nn.PixelShuffle(2),
            nn.InstanceNorm2d(8, affine=True), nn.PReLU(8),
            nn.ConvTranspose2d(8, 8, 4, 2, 1, bias=False), nn.GroupNorm(4, 8), nn.Mish(),
            nn.Conv2d(8, 1, 1), nn.Tanh(),
        )  # fmt: skip

    def forward(self, z):
        return self.main(self.fc(z).view(-1, 16, 4, 4))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        sn = nn.utils.spectral_norm
        self.main = nn.Sequential(
            sn(nn.Conv2d(1, 8, 4, 2, 1)), nn.LeakyReLU(0.2, inplace=True),
            sn(nn.Conv2d(8, 16, 4, 2, 1, groups=2)), nn.LeakyReLU(0.2, inplace=True),
            nn.Dropout2d(0.1), nn.AdaptiveMaxPool2d(2), nn.Flatten(), sn(nn.Linear(64, 1)),
        )  # fmt: skip

    def forward(self, x):
        return self.main(x).squeeze(1)


def gaussian(size, sigma):
    g = torch.exp(-((torch.arange(size).float() - size // 2) ** 2) / (2 * sigma**2))
    g = g / g.sum()
    return torch.outer(g, g)[None, None]


def ssim(a, b):
    w = gaussian(5, 1.5)
    mu_a, mu_b = F.conv2d(a, w, padding=2), F.conv2d(b, w, padding=2)
    s_a = F.conv2d(a * a, w, padding=2) - mu_a**2
    s_b = F.conv2d(b * b, w, padding=2) - mu_b**2
    s_ab = F.conv2d(a * b, w, padding=2) - mu_a * mu_b
    c1, c2 = 0.01**2, 0.03**2
    m = ((2 * mu_a * mu_b + c1) * (2 * s_ab + c2)) / ((mu_a**2 + mu_b**2 + c1) * (s_a + s_b + c2))
    return m.mean(dim=(1, 2, 3))


def real_batch(n):
    angle = torch.rand(n, 1, 1, 1) * torch.pi
    ys, xs = torch.meshgrid(torch.linspace(-1, 1, 16), torch.linspace(-1, 1, 16), indexing="xy")
    return torch.sin(4 * (xs * angle.cos() + ys * angle.sin()))


torch.manual_seed(99)
G, D = Generator(), Discriminator()
G.apply(weights_init)
print(D)
opt_g = torch.optim.Adam(G.parameters(), 2e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), 1e-3, betas=(0.5, 0.999), amsgrad=True)
bce = nn.BCEWithLogitsLoss()
for step in range(6):
    x = real_batch(12)
    z = torch.randn(12, 8)
    fake = G(z)
    d_loss = bce(D(x), torch.full((12,), 0.9)) + bce(D(fake.detach()), torch.zeros(12))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    for p in D.parameters():
        p.requires_grad_(False)
    g_loss = bce(D(fake), torch.ones(12)) + 0.1 * fake.diff(dim=-1).abs().mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    for p in D.parameters():
        p.requires_grad_(True)
    print(f"{step} D {d_loss.item():.4f} G {g_loss.item():.4f} {fake.std().item():.4f}")
x = real_batch(3).requires_grad_()
gp = torch.autograd.grad(D(x).sum(), x, create_graph=True)[0].flatten(1).norm(2, dim=1)
((gp - 1) ** 2).mean().backward()
weights = [p for n, p in D.named_parameters() if "weight" in n]
print(f"{gp.mean().item():.4f}", all(p.grad is not None for p in weights))
same = ssim(x.detach(), x.detach())
print(ssim(real_batch(4), real_batch(4)).shape, torch.allclose(same, torch.ones(3), atol=1e-3))
patches = F.unfold(x, 4, stride=4)
grid = F.affine_grid(torch.eye(2, 3).repeat(3, 1, 1), x.shape, align_corners=False)
again = F.grid_sample(x, grid, align_corners=False)
print(
    patches.shape,
    torch.equal(F.fold(patches, (16, 16), 4, stride=4), x),
    again.sub(x).abs().max() < 1e-5,
)
