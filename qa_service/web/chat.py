"""The chat page and its compact form for frames, mounted on the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from qa_service.web.chat_events import ChatEvents, Parts
from qa_service.web.pages import page_title, static_link
from qa_service.web.render import STATIC, render
from qa_service.web.state import WebState
from qa_service.web.texts import all_texts

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

_SESSION_S = 6 * 3600.0
# As files, not as Gradio's `css`, which does not keep container queries.
_FILES = {"base": "base.css", "style": "chat.css", "script": "chat.js"}


def mount_chat(app: FastAPI, state: WebState) -> None:
    """Mounts the compact chat at /embed and the whole page at /, which catches every path that is left."""
    import gradio as gr

    gr.analytics.analytics_enabled = lambda: False
    for path, compact in (("/embed", True), ("", False)):
        gr.mount_gradio_app(
            app,
            build_chat(state, compact=compact),
            path=f"{state.root}{path}" or "/",
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            show_error=False,
            max_file_size=1,
            i18n=_i18n(),
            theme=_theme(),
            head=_head(state, compact=compact),
        )


def build_chat(state: WebState, *, compact: bool) -> gr.Blocks:
    """The page's components with their events."""
    import gradio as gr

    from qa_service.web.conversation import Conversation

    texts = _i18n()
    title = page_title(state, all_texts()["en"])
    with gr.Blocks(title=title, analytics_enabled=False, fill_height=True, fill_width=True) as blocks:
        masthead = gr.Markdown(elem_id="qa-masthead", container=False, latex_delimiters=[])
        chatbot = _chatbot(texts)
        with gr.Row(visible=False, elem_id="qa-comment") as comment_row:
            comment = gr.Textbox(
                label=texts("comment"), lines=1, max_lines=4, max_length=2000, scale=1, elem_id="qa-comment-box"
            )
            comment_send = gr.Button(texts("comment_send"), scale=0, elem_id="qa-comment-send")
        with gr.Row(elem_id="qa-ask"):
            box = gr.Textbox(
                placeholder=texts("placeholder"),
                label=texts("question"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                max_length=state.settings.max_question_chars,
                submit_btn=True,
                autofocus=not compact,
                scale=1,
                elem_id="qa-box",
            )
            new = gr.Button(texts("new"), scale=0, min_width=0, elem_id="qa-new")
        conversation = gr.State(Conversation(), time_to_live=_SESSION_S)
        rated = gr.State("")
        parts = Parts(blocks, masthead, chatbot, box, new, conversation, comment_row, comment, comment_send, rated)
        ChatEvents(state, parts, compact=compact).connect()
    events = state.settings.queue_size + 2 * state.settings.concurrency  # likes and page loads take a place too
    blocks.queue(max_size=events, default_concurrency_limit=None, api_open=False)
    return cast("gr.Blocks", blocks)


def _chatbot(texts: gr.I18n) -> gr.Chatbot:
    import gradio as gr

    return gr.Chatbot(
        label=texts("conversation"),
        show_label=False,
        container=False,
        elem_id="qa-chat",
        layout="panel",
        height="100%",
        scale=1,
        buttons=[],
        autoscroll=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        group_consecutive_messages=False,
        feedback_options=("Like", "Dislike"),
        allow_file_downloads=False,
    )


def _i18n() -> gr.I18n:
    import gradio as gr

    return gr.I18n(**{language: dict(texts) for language, texts in all_texts().items()})


def _theme() -> Any:  # noqa: ANN401 - gradio's themes have no common public type
    import gradio as gr

    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def _head(state: WebState, *, compact: bool) -> str:
    storage = (STATIC / "storage.js").read_text(encoding="utf-8")
    links = {name: static_link(state.root, file) for name, file in _FILES.items()}
    return render("head.html", storage=storage, links=links, compact=compact, root=state.root)
