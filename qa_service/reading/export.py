"""Turns a checkpoint of `fit` into the shipped weights.

`python -m qa_service.reading.export --checkpoint FILE --encoder DIR [--output FILE]`
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qa_service.reading import network
from qa_service.reading.weights import WEIGHTS_FILE, encoder_checksum, save_weights


def main() -> None:
    """Read the arguments and write the weights."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--note", default="")
    args = parser.parse_args()
    fitted = {name: value.numpy() for name, value in torch.load(args.checkpoint).items()}
    state = network.build(network.load_transformer(args.encoder)).state_dict()
    base = {name: value.numpy() for name, value in state.items()}
    notes = {"licence": "see DATA_CARD.md", "note": args.note}
    save_weights(fitted, base, args.output, base_sha256=encoder_checksum(args.encoder), notes=notes)


if __name__ == "__main__":
    main()
