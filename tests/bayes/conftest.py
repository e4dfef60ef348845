"""A language model as large as a test can bear."""

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from core.bayes.documents.language import Language

WORDS = ["<end>", "<user>", "<answer>", "who", "bakes", "bread", "Anna", "roof", "Tomas", "rain", "the", "?"]
TEMPLATE = (
    "{% for message in messages %}<user> {{ message['content'] }} {% endfor %}{% if add_generation_prompt %}<answer>{% endif %}"
)


@pytest.fixture(scope="module")
def language():
    """As large as a test can bear, with random weights: the shapes and the memory are those of the real one."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=len(WORDS), num_key_value_heads=2, initializer_range=0.5, **sizes)
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.add_special_tokens(WORDS[:3])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>", unk_token="?", chat_template=TEMPLATE)
    return Language(LlamaForCausalLM(config).eval(), fast)
