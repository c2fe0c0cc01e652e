# Lists of modules by name, getattr, hasattr, a property, a class method, kwargs with defaults. Input: 2x33x40
import torch
import torch.nn as nn


class Registry:
    acts = {"relu": nn.ReLU, "elu": nn.ELU, "none": nn.Identity}

    @classmethod
    def act(cls, name="relu", **kw):
        return cls.acts[name](**kw)


class Stage(nn.Module):
    def __init__(self, chin, chout, *, kernel=3, stride=2, act="elu", norm=True, **extra):
        super().__init__()
        self.chout = chout
        layers = [nn.Conv2d(chin, chout, kernel, stride, kernel // 2)]
        if norm:
            layers.append(nn.InstanceNorm2d(chout, affine=True))
        layers.append(Registry.act(act, **extra))
        self.net = nn.Sequential(*layers)

    @property
    def width(self):
        return self.chout

    def forward(self, x):
        return self.net(x)


class Net(nn.Module):
    def __init__(self, *widths, depth: int = 3):
        super().__init__()
        widths = widths or (4, 6, 8)
        chin = 2
        for i in range(depth):
            stage = Stage(chin, widths[i], alpha=0.5) if i < 2 else Stage(chin, widths[i], act="relu", norm=False)
            setattr(self, f"enc_{i}", stage)
            chin = stage.width
        for i, w in reversed(list(enumerate((2,) + tuple(widths[:depth - 1])))):
            self.add_module("dec_" + str(i), nn.ConvTranspose2d(chin, w, 4, 2, 1))
            chin = w
        self.depth = depth

    def forward(self, x):
        sizes, skips = [], []
        h = x
        for i in range(self.depth):
            sizes.append(h.shape[2:])
            h = getattr(self, f"enc_{i}")(h)
            skips.append(h)
        while skips:
            h = h + skips.pop()
            i = len(skips)
            h = getattr(self, f"dec_{i}")(h)[..., :sizes[i][0], :sizes[i][1]]
            if i and hasattr(self, "gain"):
                h = h * self.gain
        return h
