import pytest

from qa_service.answering.llm_reply import Drafted, finished_claims


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        ("It cost 5 million [1].", [("It cost 5 million.", (1,))]),
        ("It cost 5 million. [1]\nIt opened in May [2].", [("It cost 5 million.", (1,)), ("It opened in May.", (2,))]),
        ("It cost 5 million [1]. It opened in May [2].", [("It cost 5 million.", (1,)), ("It opened in May.", (2,))]),
        ("A [1, 3] B [2][2].", [("A B.", (1, 3, 2))]),
        ("1. It opened [1].\n- It closed [2].", [("It opened.", (1,)), ("It closed.", (2,))]),
        ("It cost 2.5 million [1].", [("It cost 2.5 million.", (1,))]),
        ("Nothing is cited here.", [("Nothing is cited here.", ())]),
        ("它花了五百万【1】。", [("它花了五百万。", (1,))]),
        ("<think>5 or 6? [1]\n</think>Six [2].", [("Six.", (2,))]),
        ("Six [2].\n<think>never closed 7 [1].", [("Six.", (2,))]),
        ("**Six** `ships` <b>came</b> [2].", [("Six ships came.", (2,))]),
        ("[1]", []),
        ("", []),
    ],
)
@pytest.mark.parametrize("piece_chars", [1, 3, 1000])
def test_a_reply_is_cut_into_claims_however_it_streams(reply, claims, piece_chars):
    pieces = [reply[start : start + piece_chars] for start in range(0, len(reply), piece_chars)]
    assert list(finished_claims(pieces)) == [Drafted(text, cited) for text, cited in claims]


def test_a_claim_is_given_before_the_next_one_is_written():
    def pieces():
        yield "It cost 5 million [1].\n"
        raise AssertionError("the first claim was finished")

    assert next(finished_claims(pieces())) == Drafted("It cost 5 million.", (1,))
