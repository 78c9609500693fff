"""A small GPT: four blocks of width 128 over 256 tokens; one step of AdamW."""

CASES = {"GPT training": {"blocks": 4, "width": 128, "batch": 8, "length": 64}}
TINY = [{"blocks": 1, "width": 16, "batch": 2, "length": 6}]
WHOLE = 30
TOKENS, HEADS, LONGEST = 256, 4, 128


def network(torch, blocks, width):
    nn = torch.nn

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv = nn.Linear(width, 3 * width)
            self.out = nn.Linear(width, width)
            self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x):
            B, T, C = x.shape
            q, k, v = (
                each.view(B, T, HEADS, C // HEADS).transpose(1, 2)
                for each in self.qkv(self.norm1(x)).split(C, 2)
            )
            attended = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(attended.transpose(1, 2).reshape(B, T, C))
            return x + self.down(nn.functional.gelu(self.up(self.norm2(x))))

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens = nn.Embedding(TOKENS, width)
            self.places = nn.Embedding(LONGEST, width)
            self.blocks = nn.ModuleList(Block() for _ in range(blocks))
            self.norm = nn.LayerNorm(width)
            self.head = nn.Linear(width, TOKENS, bias=False)

        def forward(self, x):
            x = self.tokens(x) + self.places(torch.arange(x.shape[1]))
            for block in self.blocks:
                x = block(x)
            return self.head(self.norm(x))

    return GPT()


def program(torch, compiled, blocks, width, batch, length):
    torch.manual_seed(0)
    net = network(torch, blocks, width)
    inputs = torch.randint(0, TOKENS, (batch, length))
    targets = torch.randint(0, TOKENS, (batch, length))
    start = {"inputs": inputs, "targets": targets}
    start.update(net.state_dict())
    model = compiled(net)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-5)

    def step():
        optimizer.zero_grad()
        logits = model(inputs)
        loss = torch.nn.functional.cross_entropy(logits.view(-1, TOKENS), targets.view(-1))
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, start
