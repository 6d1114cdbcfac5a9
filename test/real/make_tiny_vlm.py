"""Makes two tiny vision-language models with random weights, which answer images with noise that depends on them: make_tiny_vlm.py TARGET TOKENIZER

TARGET/qwen2-vl and TARGET/smolvlm, each complete with processor and chat template, and TARGET/{red,blue}.png to ask about.
TOKENIZER is the folder of a model whose tokenizer they use.
"""

import pathlib
import sys

import torch
import transformers
from PIL import Image, ImageDraw

QWEN_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}"
    "{% if part.type == 'text' %}{{ part.text }}"
    "{% elif part.type == 'video' %}<|vision_start|><|video_pad|><|vision_end|>"
    "{% else %}<|vision_start|><|image_pad|><|vision_end|>{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SMOL_TEMPLATE = (
    "{% for message in messages %}{{ message.role | capitalize }}: {% for part in message.content %}"
    "{% if part.type == 'text' %}{{ part.text }}{% elif part.type == 'video' %}<video>{% else %}<image>{% endif %}"
    "{% endfor %}<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}Assistant:{% endif %}"
)


def tokenizer_with(folder, template, tokens):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokenizer.add_special_tokens({"additional_special_tokens": tokens})
    tokenizer.chat_template = template
    return tokenizer


def qwen2_vl(folder):
    names = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
    tokenizer = tokenizer_with(folder, QWEN_TEMPLATE, names)
    start, end, image, video = tokenizer.convert_tokens_to_ids(names)
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 128,
        "intermediate_size": 256,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": 4096,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        # vLLM reads the sections of the rotary embedding here: half a head's size, in three.
        "rope_parameters": {"rope_type": "default", "mrope_section": [8, 12, 12], "rope_theta": 10000.0},
    }
    vision = {"depth": 2, "embed_dim": 64, "hidden_size": 128, "num_heads": 2, "mlp_ratio": 2, "patch_size": 14}
    config = transformers.Qwen2VLConfig(
        text_config=text,
        vision_config=vision,
        vision_start_token_id=start,
        vision_end_token_id=end,
        image_token_id=image,
        video_token_id=video,
    )
    processor = transformers.Qwen2VLProcessor(
        image_processor=transformers.Qwen2VLImageProcessor(min_pixels=4 * 28 * 28, max_pixels=64 * 28 * 28),
        video_processor=transformers.Qwen2VLVideoProcessor(min_pixels=4 * 28 * 28, max_pixels=64 * 28 * 28),
        tokenizer=tokenizer,
        chat_template=QWEN_TEMPLATE,
    )
    return transformers.Qwen2VLForConditionalGeneration(config), processor


def smolvlm(folder):
    rows = [f"<row_{row}_col_{column}>" for row in range(1, 3) for column in range(1, 3)]
    names = ["<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>", *rows]
    tokenizer = tokenizer_with(folder, SMOL_TEMPLATE, names)
    text = {
        "model_type": "llama",
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    vision = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 64, "patch_size": 8}
    config = transformers.SmolVLMConfig(
        text_config=text,
        vision_config=vision,
        scale_factor=2,
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        pad_token_id=tokenizer.pad_token_id,
    )
    edge = {"longest_edge": 64}
    processor = transformers.SmolVLMProcessor(
        image_processor=transformers.SmolVLMImageProcessor(size=edge, max_image_size=edge, do_image_splitting=False),
        video_processor=transformers.SmolVLMVideoProcessor(size=edge, max_image_size=edge),
        tokenizer=tokenizer,
        image_seq_len=16,
        chat_template=SMOL_TEMPLATE,
    )
    return transformers.SmolVLMForConditionalGeneration(config), processor


def draw(file, colour, size):
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse((8, 8, size[0] - 8, size[1] - 8), fill=colour)
    image.save(file)


def main(target, tokenizer_folder):
    for name, make in (("qwen2-vl", qwen2_vl), ("smolvlm", smolvlm)):
        torch.manual_seed(0)
        model, processor = make(tokenizer_folder)
        # Larger than what a model starts its training with, so that what it sees changes what it says.
        with torch.no_grad():
            for weights in model.parameters():
                weights.mul_(4.0 if weights.dim() > 1 else 1.0)
        model.to(torch.float32).save_pretrained(target / name)
        processor.save_pretrained(target / name)
    draw(target / "red.png", "red", (112, 84))
    draw(target / "blue.png", "blue", (84, 140))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
