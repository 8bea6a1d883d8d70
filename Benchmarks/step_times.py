"""Times PyTorch's training steps: prints one line of JSON with the best and the median of a run, in milliseconds.

    python step_times.py atome-60k --batch 16 --window 64 --steps 60 --threads 2
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F

from models import Atome, PlainGPT

PRESETS = {
    "atome-60k": lambda window, scan: Atome(64, 4, 16, scan=scan),
    "atome-944k": lambda window, scan: Atome(256, 8, 64, scan=scan),
    "gpt-6k": lambda window, scan: PlainGPT(8, 2, 4, 24, window),
    "gpt-60k": lambda window, scan: PlainGPT(44, 3, 4, 44, window),
    "gpt-950k": lambda window, scan: PlainGPT(152, 3, 4, 608, window),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("preset", choices=PRESETS)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--window", type=int, default=64)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scan", choices=["loop", "convolution"], default="loop")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    model = PRESETS[options.preset](options.window, options.scan)
    # The published recipe: AdamW at a constant 3e-4, PyTorch's other defaults.
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-4)
    times = []
    for step in range(options.steps + 3):
        windows = torch.randint(97, 123, (options.batch, options.window))
        start = time.perf_counter()
        logits = model(windows[:, :-1])
        loss = F.cross_entropy(logits.reshape(-1, 256), windows[:, 1:].reshape(-1))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        if step >= 3:  # the first steps warm caches and allocators up
            times.append(1000 * (time.perf_counter() - start))
    print(json.dumps({
        "preset": options.preset, "batch": options.batch, "window": options.window, "threads": options.threads,
        "scan": options.scan, "parameters": sum(p.numel() for p in model.parameters()),
        "best": min(times), "median": statistics.median(times), "torch": torch.__version__,
    }))


if __name__ == "__main__":
    main()
