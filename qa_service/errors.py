"""The exceptions of the service.

QAError                     base: `str(error)` is what was wrong, the value seen, and what to do next
├── SettingsError           a setting that cannot be used
├── ArticleError            an article that cannot be read
├── QuestionError           a question that cannot be asked (empty, too long)
├── QuestionSetError        a broken line of a question set
├── EmbeddingError          an embedding model that cannot be had or loaded
├── ReaderError             reader weights that cannot be loaded
├── LLMError                an LLM endpoint that did not give an answer
└── StoreError              the index cannot be used
    ├── IndexMissingError   nothing was indexed yet
    ├── IndexMismatchError  the index was built with other settings
    ├── IndexDamagedError   files of the index are damaged
    ├── IndexLockedError    another process is writing
    └── RemovalError        removal of more than half of a source without leave
"""


class QAError(Exception):
    """Base of every error that a user may see."""


class SettingsError(QAError):
    """A setting cannot be used."""


class ArticleError(QAError):
    """An article cannot be read."""


class QuestionError(QAError):
    """A question cannot be asked."""


class QuestionSetError(QAError):
    """A question set, or a line of it, is broken."""


class EmbeddingError(QAError):
    """An embedding model cannot be had or loaded."""


class ReaderError(QAError):
    """The reader's weights cannot be loaded."""


class LLMError(QAError):
    """An LLM endpoint did not give an answer."""


class StoreError(QAError):
    """The index cannot be used."""


class IndexMissingError(StoreError):
    """Nothing was indexed yet."""


class IndexMismatchError(StoreError):
    """The index was built with other settings."""


class IndexDamagedError(StoreError):
    """Files of the index are damaged."""


class IndexLockedError(StoreError):
    """Another process is writing the index."""


class RemovalError(StoreError):
    """More than half of a source would be removed without leave."""
