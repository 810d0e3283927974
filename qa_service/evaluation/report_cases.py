"""A case of the report: question, gold, answer, citations in context, what was retrieved and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from qa_service.evaluation.compare import rank
from qa_service.evaluation.metrics.retrieval import ranking
from qa_service.evaluation.outcome import Case
from qa_service.schemas import CitationModel, PassageModel

VERDICTS = ("wrong", "neither", "right")
_TEXT_SHOWN = 400


def worst_first(cases: Iterable[Case]) -> list[Case]:
    """Wrong answers first, the surest of them at the top; then missed ones; then right ones by their lowest scores."""
    return sorted(cases, key=_badness)


def case_html(case: Case) -> str:
    """One case as a section that opens."""
    verdict = VERDICTS[rank(case)]
    answer = case.outcome.answer
    short = answer.headline or (answer.text if case.outcome.is_answered else f"abstained: {answer.reason}")
    return (
        f'<details class="case {verdict}"><summary><span class="verdict">{verdict}</span>'
        f'<span class="question">{escape(case.gold.question)}</span>'
        f'<span class="short">{escape(_cut(short, 90))}</span></summary>'
        f'<div class="inside">{_about(case)}{_gold(case)}{_answer(case)}{_citations(case)}'
        f"{_retrieved(case)}{_scores(case)}</div></details>"
    )


def _badness(case: Case) -> tuple[int, float, float, str]:
    verdict = rank(case)
    confidence = case.outcome.answer.confidence
    shown = ("article_cited", "quote_overlap", "citation_recall", "recall_at_5")
    lowest = min((case.scores[name] for name in shown if name in case.scores), default=1.0)
    return verdict, -confidence if verdict == 0 else lowest, lowest, case.gold.id


def _about(case: Case) -> str:
    tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in case.gold.tags)
    facts = f"{case.gold.id} · {case.pair or case.language} · {case.gold.kind}"
    return f'<p class="small">{escape(facts)} {tags}</p>'


def _gold(case: Case) -> str:
    gold = case.gold
    if not gold.is_answerable:
        return "<h3>Gold</h3><p>The articles do not answer this.</p>"
    parts = [" <i>or</i> ".join(escape(accepted.text) for accepted in part) for part in gold.answers]
    period = f" <span class='small'>period {escape(gold.period)}</span>" if gold.period else ""
    answers = f"<p>{' <b>and</b> '.join(parts)}{period}</p>" if parts else ""
    quote = f'<div class="quote gold"><mark>{escape(gold.quote)}</mark></div>' if gold.quote else ""
    return f'<h3>Gold</h3>{answers}{quote}<p class="small">{escape(", ".join(gold.articles))}</p>'


def _answer(case: Case) -> str:
    answer = case.outcome.answer
    headline = f"<p><b>{escape(answer.headline)}</b></p>" if answer.headline else ""
    values = "; ".join(
        f"{value.amount}{'–' + value.high if value.high else ''} {value.unit} {value.period or ''} [{value.citation}]"
        for value in answer.values
    )
    status = f"{answer.status}{': ' + answer.reason if answer.reason else ''} · confidence {answer.confidence:.2f}"
    typed = f'<p class="small">typed values: {escape(values)}</p>' if values else ""
    parsed = answer.parsed
    understood = (
        f"understood: asked for {', '.join(parsed.asked_for) or '–'}; periods {', '.join(parsed.periods) or '–'}; "
        f"places {', '.join(parsed.places) or '–'}; names {', '.join(parsed.names) or '–'}"
    )
    return (
        f'<h3>Answer</h3>{headline}<p>{escape(answer.text)}</p>{typed}<p class="small">{escape(status)} · '
        f"{case.outcome.wall_ms:,.0f} ms · {escape(answer.engine)}{_spent(case)}</p>"
        f'<p class="small">{escape(understood)}</p>'
    )


def _spent(case: Case) -> str:
    """The tokens of an LLM for this answer; empty without one."""
    outcome = case.outcome
    return f" · {outcome.tokens:,} tokens{' (estimated)' if outcome.tokens_estimated else ''}" if outcome.tokens else ""


def _citations(case: Case) -> str:
    answer = case.outcome.answer
    shown, title = (answer.citations, "Citations") if answer.citations else (answer.closest, "Nearest passages")
    if not shown:
        return ""
    return f"<h3>{title}</h3>" + "".join(_citation(case, citation) for citation in shown)


def _citation(case: Case, citation: CitationModel) -> str:
    around = next((item for item in case.outcome.surroundings if item.marker == citation.marker), None)
    before, after = (around.before, around.after) if around else ("", "")
    bad = "" if around and around.verbatim else " <b>not verbatim</b>"
    gold = any(span.article_id == citation.article_id for span in case.outcome.gold)
    place = f"{citation.article_id}:{citation.start}–{citation.end} ({citation.language}) {citation.title}"
    return (
        f'<div class="quote{" gold" if gold else ""}">[{citation.marker}] <span class="around">…{escape(before)}</span>'
        f'<mark>{escape(citation.quote)}</mark><span class="around">{escape(after)}…</span></div>'
        f'<p class="small">{escape(place)}{bad}</p>'
    )


def _retrieved(case: Case) -> str:
    passages = case.outcome.passages
    if not passages:
        return ""
    ids, gold = ranking(case.outcome)
    by_article = bool(passages) and ids[:1] == [passages[0].article_id]
    right = {p.passage_id for p in passages if (p.article_id if by_article else p.passage_id) in gold}
    rows = "".join(_passage(passage, is_gold=passage.passage_id in right) for passage in passages)
    head = (
        "<tr><th></th><th>passage</th><th class='number'>score</th><th>lanes</th><th>period, place, name; why</th></tr>"
    )
    return f'<h3>Retrieved</h3><div class="scroll"><table>{head}{rows}</table></div>'


def _passage(passage: PassageModel, *, is_gold: bool) -> str:
    lanes = ", ".join(f"{name} {score:.3f}" for name, score in passage.lanes.items())
    verdicts = f"{passage.period}, {passage.place}, {passage.name}"
    place = f"{passage.article_id}:{passage.start}–{passage.end} ({passage.language})"
    text = _cut(" ".join(passage.text.split()), _TEXT_SHOWN)
    return (
        f"<tr{' class=is-gold' if is_gold else ''}><td>{passage.rank}</td><td>{escape(text)}<br>"
        f'<span class="small">{escape(place)}</span></td>'
        f'<td class="number">{passage.score:.3f}</td><td class="small">{escape(lanes)}</td>'
        f'<td class="small">{escape(verdicts)}{"; " + escape(passage.why) if passage.why else ""}</td></tr>'
    )


def _scores(case: Case) -> str:
    shown: Sequence[str] = [f"{name} {score:.2f}" for name, score in case.scores.items()]
    return f'<h3>Scores</h3><p class="small">{escape(" · ".join(shown))}</p>'


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
