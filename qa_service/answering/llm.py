"""The LLM engine: one call an answer, and nothing of its reply is shown that the articles do not prove.

Where the endpoint fails, is slow, or writes nothing that can be proved, the extractive answer stands, with a note.
"""

from __future__ import annotations

import logging
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache

from qa_service.answering.engine import Draft
from qa_service.answering.llm_endpoint import LLMOptions, LLMTimeoutError, stream_reply
from qa_service.answering.llm_proof import Prover
from qa_service.answering.llm_reply import NOT_FOUND, Drafted, finished_claims
from qa_service.answering.llm_usage import Usage
from qa_service.answering.quotes import CitationBook
from qa_service.errors import LLMError, SettingsError
from qa_service.language.detect import detect_language, function_words
from qa_service.language.language_names import language_name
from qa_service.language.quantities import find_quantities
from qa_service.language.quantities_same import same_quantity
from qa_service.language.tokens import words
from qa_service.models import Article, Citation, Claim, Hit, Value
from qa_service.prompts import llm_instructions
from qa_service.resources import data_folder
from qa_service.retrieval.search import SearchResult

logger = logging.getLogger(__name__)

MOST_PASSAGES = 6
MOST_PASSAGE_CHARACTERS = 2000
MOST_CLAIMS = 6
_PARTS = "---"
_VARIABLES = frozenset({"language", "passages", "question"})
_CONTRADICTED = frozenset({"other_period", "other_place", "other_entity"})
# Telling Bokmål from its neighbours in one short sentence is guesswork.
_CLEAR_LEAD = 2
_NEIGHBOURS = frozenset({"nb", "nn", "no", "da"})


@dataclass(frozen=True, slots=True)
class LLMDraft(Draft):
    """A draft with the engine that made it, where the LLM could not be used a quiet note why, and the tokens spent."""

    engine: str = "extractive"
    note: str | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A proved claim as it is shown, with its markers."""

    claim: Claim
    said: str


def answer_with_llm(
    result: SearchResult,
    articles: Mapping[str, Article],
    *,
    options: LLMOptions | None,
    extractive: Draft,
    on_claim: Callable[[str], None] | None = None,
) -> LLMDraft:
    """The LLM's proved claims as an answer, else the extractive one with a note; `options` None makes no call.

    `on_claim` gets each claim as soon as it is proved, while the rest is still being written.
    """
    if options is None or not result.hits:
        return _as_llm_draft(extractive)
    hits, language, usage = result.hits[:MOST_PASSAGES], result.question.language, Usage()
    prover = Prover(result, hits, articles, strict=extractive.reason in _CONTRADICTED)
    try:
        with closing(stream_reply(*llm_messages(result, hits), options, usage=usage)) as reply:
            draft = _proved_answer(reply, prover, extractive=extractive, model=options.model, on_claim=on_claim)
    except LLMError as error:
        logger.warning("%s", error)
        slow = isinstance(error, LLMTimeoutError)
        draft = _as_llm_draft(extractive, llm_note("slow" if slow else "unavailable", language))
    return replace(draft, usage=usage)


def llm_messages(result: SearchResult, shown: Sequence[Hit]) -> tuple[str, str]:
    """The system and the user message: the instructions, then the passages as data, then the question."""
    system, _, user = _prompt("llm_answer").partition(f"\n{_PARTS}\n")
    question = result.question
    passages = "\n".join(_passage(number, hit) for number, hit in enumerate(shown, start=1))
    language = language_name(question.language, "en")
    values = {"language": language, "passages": passages, "question": as_data(question.text)}
    return system.format(**values), user.format(**values).strip()


def as_data(text: str) -> str:
    """The text on one line, with nothing in it that could close or open a delimiter."""
    return " ".join(text.replace("<", "‹").replace(">", "›").split())


def llm_note(key: str, language: str) -> str:
    """The note `key` in `language`, in English where the language has none."""
    notes = _notes()
    return notes.get(language, notes["en"])[key]


def _proved_answer(
    reply: Iterator[str],
    prover: Prover,
    *,
    extractive: Draft,
    model: str,
    on_claim: Callable[[str], None] | None,
) -> LLMDraft:
    language = prover.result.question.language
    book, shown = CitationBook(prover.articles), list[_Shown]()
    for drafted in finished_claims(reply):
        if NOT_FOUND in drafted.text.upper().replace(" ", "_"):
            return _as_llm_draft(extractive)
        stated = _state(drafted, prover, book, language) if len(shown) < MOST_CLAIMS else None
        if stated is not None and stated.said not in {item.said for item in shown}:
            shown.append(stated)
            if on_claim is not None:
                on_claim(stated.claim.text)
    if not shown:
        return _as_llm_draft(extractive, llm_note("unusable", language))
    return _answered(shown, book, extractive, language=language, model=model)


def _state(drafted: Drafted, prover: Prover, book: CitationBook, language: str) -> _Shown | None:
    """The claim with the markers of its proofs; None where it is not proved or not in the asker's language."""
    if not _is_in(drafted.text, language):
        return None
    cited = [book.cite(proof.hit, proof.span) for proof in prover.proofs(drafted)]
    markers = tuple(dict.fromkeys(citation.marker for citation in cited if citation is not None))
    if not markers:
        return None
    shown = "".join(f"[{marker}]" for marker in markers)
    said = drafted.text.rstrip()
    end = said[-1:] if said[-1:] in ".!?。！？" else ""
    return _Shown(Claim(f"{said[: len(said) - len(end)].rstrip()} {shown}{end or '.'}", markers), said)


def _answered(shown: Sequence[_Shown], book: CitationBook, extractive: Draft, *, language: str, model: str) -> LLMDraft:
    headline, values = _headline(shown, book, extractive, language)
    return LLMDraft(
        status="answered",
        reason=None,
        confidence=extractive.confidence,
        headline=headline,
        values=values,
        text=" ".join(item.claim.text for item in shown),
        claims=tuple(item.claim for item in shown),
        citations=tuple(book.citations),
        closest=(),
        engine=f"llm:{model}",
    )


def _headline(
    shown: Sequence[_Shown], book: CitationBook, extractive: Draft, language: str
) -> tuple[str | None, tuple[Value, ...]]:
    """The extractive headline and its values where the claims say the same; none where they do not."""
    if extractive.headline is None or not any(_says(item.said, extractive.headline, language) for item in shown):
        return None, ()
    values = []
    for value in extractive.values:
        cited = next(citation for citation in extractive.citations if citation.marker == value.citation)
        values.append(replace(value, citation=_renumbered(cited, book)))
    return extractive.headline, tuple(values)


def _says(said: str, headline: str, language: str) -> bool:
    wanted = find_quantities(headline, language)
    if not wanted:
        return headline.casefold() in said.casefold()
    found = find_quantities(said, language)
    return all(any(same_quantity(one, other) for other in found) for one in wanted)


def _renumbered(cited: Citation, book: CitationBook) -> int:
    for known in book.citations:
        if (known.article_id, known.start, known.end) == (cited.article_id, cited.start, cited.end):
            return known.marker
    book.citations.append(replace(cited, marker=len(book.citations) + 1))
    return len(book.citations)


def _is_in(text: str, language: str) -> bool:
    """Whether a claim may be in `language`: its function words say so, or do not clearly say another.

    A claim of names and numbers has few of them, and short texts mislead detectors.
    """
    wanted = language.split("-")[0]
    counts = Counter(tag for word in words(text.lower()) for tag in function_words().get(word.text, ()))
    others = max((count for tag, count in counts.items() if not _are_near(tag, wanted)), default=0)
    if counts[wanted]:
        return others < counts[wanted] + _CLEAR_LEAD
    return _are_near(detect_language(text, fallback=language).split("-")[0], wanted)


def _are_near(one: str, other: str) -> bool:
    return one == other or {one, other} <= _NEIGHBOURS


def _passage(number: int, hit: Hit) -> str:
    about = as_data(hit.passage.context)[:300]
    text = as_data(hit.passage.text)[:MOST_PASSAGE_CHARACTERS]
    return f'<passage number="{number}" about="{about}">\n{text}\n</passage>'


def _as_llm_draft(draft: Draft, note: str | None = None) -> LLMDraft:
    return LLMDraft(**{item.name: getattr(draft, item.name) for item in fields(Draft)}, note=note)


@lru_cache(maxsize=4)
def _prompt(name: str) -> str:
    """The prompt file, checked: SettingsError where it has no two parts or not just the variables known."""
    text = llm_instructions(name)
    used = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    if used != _VARIABLES or f"\n{_PARTS}\n" not in text:
        raise SettingsError(
            f"prompts/{name}.txt has the variables {sorted(used)}; it needs {sorted(_VARIABLES)} and a line {_PARTS}."
        )
    return text


@lru_cache(maxsize=1)
def _notes() -> dict[str, dict[str, str]]:
    path = data_folder("prompts") / "llm_notes.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Restore it from the project.") from None
