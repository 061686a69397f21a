"""What trained models say of messages: labels, honest confidences, and words for them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from classifiers.finding import Finding, Spans
from classifiers.prepared import Ints
from classifiers.reading import proofs
from classifiers.reading.reasons import LEAST, reasons
from classifiers.reading.rows import Rows

if TYPE_CHECKING:
    from classifiers.trained import Model

MOST_ALTERNATIVES = 3


class Read(NamedTuple):
    """What a model says of messages, and the places of findings whose words are to be tried."""

    findings: list[Finding]
    frail: list[int]


def read_together(
    models: Sequence["Model"], messages: Sequence[str], rows: Rows, *, told: bool = True
) -> list[Read]:
    """What each of these models, side by side, says of messages; with words for it, or untold."""
    margins = [model.margins(rows) for model in models]
    # By margin: shares may be equal where they are dealt out.
    ranked = [
        np.argsort(-one, axis=1, kind="stable")[:, : MOST_ALTERNATIVES + 1] for one in margins
    ]
    words_of: Sequence[tuple[Sequence[Spans], list[int]]]
    if told:
        winners = np.array([one[:, 0] for one in ranked])
        rivals = np.array([one[:, 1] for one in ranked])
        words_of = _explained(models, messages, rows, winners, rivals)
    else:
        words_of = [([()] * len(messages), [])] * len(models)
    read = []
    for model, margin, order, (evidence, frail) in zip(
        models, margins, ranked, words_of, strict=True
    ):
        # The first hardly rounded: of two that look like certainty, one may still be surer.
        shares = np.take_along_axis(model.honesty.shares(margin), order, axis=1)
        # By rank, not by message: the fewer the containers, the less there is to clear away.
        sure, rest = shares[:, 0].round(12).tolist(), shares[:, 1:].round(9).T.tolist()
        label, *others = np.array(model.labels, dtype=object)[order].T.tolist()
        alternatives = zip(*map(zip, others, rest), strict=True)
        about = "", model.engine, model.version
        findings = [
            Finding(model.name, *said, *about, untold=not told)
            for said in zip(label, sure, evidence, alternatives, strict=True)
        ]
        read.append(Read(findings, frail))
    return read


def _explained(
    models: Sequence["Model"], messages: Sequence[str], rows: Rows,
    winners: Ints, rivals: Ints, least: float = LEAST,
) -> list[tuple[Sequence[Spans], list[int]]]:  # fmt: skip
    """For each model the words that speak for its winners, and which of them are to be tried.

    Labels by their place in each model: shape (models, messages).
    """
    first = np.array([[model.first] for model in models])
    model, many = models[0], len(messages)
    telling = reasons(model.features, model.weights, rows, winners + first, rivals + first, least)
    doubt = np.array([[proofs.DOUBT.get(model.name, 1.0)] for model in models])
    scarce = telling.once.reshape(len(models), many) < proofs.SCARCE * doubt
    frail = telling.together.reshape(len(models), many) < proofs.FRAIL * doubt
    short = np.array([len(message) < proofs.SHORT for message in messages])
    found: list[tuple[Sequence[Spans], list[int]]] = []
    for number, model in enumerate(models):
        mine = slice(number * many, (number + 1) * many)
        spans, named = zip(
            *[
                proofs.placed(message, words, everywhere=often, by_ending=model.by_ending)
                for message, words, often in zip(
                    messages, telling.words[mine], scarce[number].tolist(), strict=True
                )
            ],
            strict=True,
        )
        tried = frail[number] | short | ~np.array(named)
        found.append((spans, np.flatnonzero(tried).tolist()))
    return found


def words_for(model: "Model", messages: Sequence[str], rows: Rows, labels: Ints) -> Sequence[Spans]:
    """The words of each message that speak for a label, whether or not it is the likeliest."""
    others = model.margins(rows)
    others[np.arange(len(labels)), labels] = -np.inf
    rivals = others.argmax(axis=1)
    winners = labels[np.newaxis]
    return _explained([model], messages, rows, winners, rivals[np.newaxis], least=0)[0][0]
