"""The chat's own HTML, each piece on one line: questions, answers, notices, head of the page.

Gradio shows it as Markdown and sanitises it: attributes such as aria-label are added by the page's script.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa_service.models import ArticleInfo
from qa_service.web.frame_options import FrameOptions
from qa_service.web.pages import page_title
from qa_service.web.render import render_line
from qa_service.web.state import WebState
from qa_service.web.texts import Texts
from qa_service.web.views import AnswerView


def question_html(question: str, texts: Texts) -> str:
    """What was asked."""
    return render_line("question.html", question=question, texts=texts)


def answer_html(view: AnswerView, texts: Texts, *, live: bool = False) -> str:
    """The answer; `live` while it still grows."""
    return render_line("answer.html", view=view, texts=texts, live=live)


def notice_html(kind: str, text: str) -> str:
    """A line in an answer's place; `kind`: wait, busy, failed, stopped."""
    return render_line("notice.html", kind=kind, text=text)


def masthead_html(state: WebState, texts: Texts, *, compact: bool, options: FrameOptions) -> str:
    """The head of the page."""
    title = options.title or page_title(state, texts)
    return render_line("masthead.html", root=state.root, title=title, texts=texts, compact=compact)


def hero_html(state: WebState, articles: Sequence[ArticleInfo], *, texts: Texts, options: FrameOptions) -> str:
    """What an empty chat says: the title and what can be asked."""
    languages = texts.languages([article.language for article in articles])
    counted = texts.fill("subtitle", count=len(articles), languages=languages)
    subtitle = options.greeting or (texts["subtitle_one"] if len(articles) == 1 else counted)
    subtitle = subtitle if articles or options.greeting else texts["reason.empty_index"]
    return render_line("hero.html", title=options.title or page_title(state, texts), subtitle=subtitle)
