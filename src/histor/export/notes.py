"""A sentence on an incident, in neutral words, from its coded values alone."""

from __future__ import annotations

from histor.export.dossier import Dossier, names
from histor.model.incidents import Estimate


def note(dossier: Dossier) -> str:
    """Date, sides, kind of incident, place, tolls and on whose word; no outlet's sentence is repeated."""
    incident = dossier.incident
    kind = incident.acled.sub_event_type if incident.acled else incident.event_type.capitalize()
    parts = [kind]
    actors, recipients = names(incident.actors), names(incident.recipients)
    if actors:
        parts.append(f"by {_listed(actors)}")
    if recipients:
        parts.append(f"{'against' if actors else 'with'} {_listed(recipients)}")
    if incident.place is not None:
        parts.append(f"in {incident.place.name or incident.place.text}")
    days = sorted(filter(None, {dossier.first_day, dossier.last_day}))
    if days:
        parts.append(f"on {days[0]}" if len(days) == 1 else f"between {days[0]} and {days[1]}")
    text = " ".join(parts) + "."
    stated = [found for name in ("killed", "injured") if (found := dossier.estimate(name))]
    if stated:
        tolls = "; ".join(f"{found.property} {figure(found)}" for found in stated)
        text += f" {tolls.capitalize()} (rule: {stated[0].rule})."
    speakers = names_of_speakers(dossier)
    if speakers:
        text += f" On the word of {_listed(speakers)}."
    return text


def names_of_speakers(dossier: Dossier) -> list[str]:
    """Original speakers of the tellings, each once."""
    return list(dict.fromkeys(a.speaker for t in dossier.tellings for a in t.mention.attribution[:1]))


def figure(estimate: Estimate) -> str:
    """``14 (12 to 20)``, ``14``, ``12 to 20`` or ``not stated``."""
    low, best, high = estimate.low, estimate.best, estimate.high
    if best is None and low is None and high is None:
        return "not stated"
    if low == best == high:
        return str(best)
    if low is not None and high is not None:
        ends = f"{low} to {high}"
    else:
        ends = f"at least {low}" if low is not None else f"at most {high}" if high is not None else ""
    if best is None or (best == low and high is None) or (low is None and best == high):
        return ends or str(best)
    return f"{best} ({ends})" if ends else str(best)


def _listed(items: list[str], most: int = 4) -> str:
    shown = items[:most]
    if len(items) > most:
        shown = [*shown, f"{len(items) - most} more"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
