"""Choose the document head's thresholds on the reports held out of its training.

    python -m training.document_tune --data ../shared/data/muc4 --start runs/release --run runs/document

Coordinate ascent over the fields of `Settings`, for the sum of CEAF-REE and CEAF-RME on the held-out tenth and the
development part, in coarse steps that each must bring 0.2 points. Writes ``settings.json`` beside the weights.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.muc4_scoring import ree, rme
from histor.engines.document.assembly import Settings, Template, assemble
from histor.engines.document.features import ROLES, lexical_features
from histor.engines.document.reading import Reading
from training.document_corpus import Example
from training.document_export import load_network
from training.document_network import LEXICAL, DocumentNetwork
from training.document_train import Lower, held_out, load_examples, predict

FAINT = -3.5
GAIN = 0.004  # of the two figures together, for a change to be kept
GRIDS: dict[str, tuple[float, ...]] = {
    "faint": (0.02, 0.05, 0.1, 0.2),
    "same": (0.4, 0.5, 0.6, 0.7, 0.8),
    "present": (0.03, 0.06, 0.1, 0.2, 0.3, 0.4),
    "type": (0.2, 0.3, 0.4, 0.5),
    "entity_type": (0.3, 0.45, 0.6, 0.75),
    "split": (0.0, 0.2, 0.35, 0.5),
}
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


def readings(network: DocumentNetwork, lower: Lower, examples: list[Example]) -> dict[str, Reading]:
    """What the head says of each report, as it does at run time."""
    found = {}
    for e, out in predict(network, lower, examples):
        chosen = [k for k in range(len(e.keys)) if float(out.roles[k].max()) > FAINT]
        n = len(chosen)
        pairs = [(i, j) for i in range(n) for j in range(n)]
        lexical = [lexical_features(e.keys[chosen[i]], e.keys[chosen[j]]) for i, j in pairs]
        with torch.inference_mode():
            types, shared = network.wordings(
                out.vectors[chosen], torch.tensor([i for i, _ in pairs], dtype=torch.long),
                torch.tensor([j for _, j in pairs], dtype=torch.long), torch.tensor(lexical).view(-1, LEXICAL),
            )  # fmt: skip
        matrix = shared.numpy().reshape(n, n, 2)
        found[e.id] = Reading(
            e.found, e.keys, e.owner, out.roles.numpy(), out.types.numpy(), chosen, types.numpy(), matrix[..., 0], matrix[..., 1]
        )  # fmt: skip
    return found


def templates(reading: Reading, incidents: list[Template]) -> list[dict[str, Any]]:
    """Incidents in the form of the data set, one wording an entity."""
    return [
        {"incident_type": i.type, **{r: [[reading.keys[e.wordings[0]]] for e in i.entities if e.role == r] for r in ROLES}}
        for i in incidents
    ]  # fmt: skip


def figures(gold: dict[str, Any], found: dict[str, Reading], settings: Settings) -> tuple[float, float]:
    """CEAF-REE and CEAF-RME of the templates that `settings` give."""
    predicted = {name: templates(reading, assemble(reading, settings)) for name, reading in found.items()}
    return ree(gold, predicted)["all"].f1, rme(gold, predicted)["all"].f1


def tune(gold: dict[str, Any], found: dict[str, Reading], settings: Settings, rounds: int = 3) -> Settings:
    """The best settings that coordinate ascent finds from `settings`."""
    best = sum(figures(gold, found, settings))
    for _ in range(rounds):
        before = best
        for candidates in _neighbours():
            for changed in candidates:
                trial = _changed(settings, changed)
                score = sum(figures(gold, found, trial))
                if score > best + GAIN:
                    best, settings = score, trial
        if best == before:
            break
    return settings


def _changed(settings: Settings, change: dict[str, Any]) -> Settings:
    if "role" not in change:
        return replace(settings, **change)
    number, threshold = change["role"]
    return replace(settings, roles=tuple(threshold if r == number else t for r, t in enumerate(settings.roles)))


def _neighbours() -> list[list[dict[str, Any]]]:
    """Changes to try, one group a field or role."""
    groups: list[list[dict[str, Any]]] = []
    for r in range(len(ROLES)):
        groups.append([{"role": (r, t)} for t in THRESHOLDS])
    groups.extend([{f.name: v} for v in GRIDS[f.name]] for f in fields(Settings) if f.name in GRIDS)
    return groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    examples = load_examples(args.data, args.cache or args.run)
    chosen = {"held": [e for e in examples["train"] if held_out(e.id)], "dev": examples["dev"]}
    network = load_network(args.run, args.start, 2)
    network.eval()
    lower = Lower(network, [e for part in chosen.values() for e in part])
    found = {part: readings(network, lower, part_examples) for part, part_examples in chosen.items()}
    gold = {part: {e.id: e.gold for e in part_examples} for part, part_examples in chosen.items()}
    every = {name: r for part in found.values() for name, r in part.items()}
    settings = tune({name: g for part in gold.values() for name, g in part.items()}, every, Settings())
    (args.run / "settings.json").write_text(json.dumps(asdict(settings), indent=1) + "\n")
    for part in ("held", "dev"):
        print(part, "CEAF-REE {:.3f}, CEAF-RME {:.3f}".format(*figures(gold[part], found[part], settings)))
    print(settings)


if __name__ == "__main__":
    main()
