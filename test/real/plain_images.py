"""What anyone would write for images: plain_images.py MODEL TOKENS, `[[[IMAGE, …], QUESTION], …]` on standard input, answers on standard output, as JSON."""

import json
import sys

import torch
import transformers
from PIL import Image

path, tokens = sys.argv[1:]
questions = json.load(sys.stdin)
processor = transformers.AutoProcessor.from_pretrained(path)
processor.tokenizer.padding_side = "left"
model = transformers.AutoModelForImageTextToText.from_pretrained(path, dtype=torch.float32)
dialogues = [
    [{"role": "user", "content": [*({"type": "image"} for _ in files), {"type": "text", "text": text}]}] for files, text in questions
]
texts = [processor.apply_chat_template(dialogue, add_generation_prompt=True) for dialogue in dialogues]
images = [[Image.open(file) for file in files] for files, _ in questions]
batch = processor(text=texts, images=images, padding=True, return_tensors="pt")
output = model.generate(**batch, max_new_tokens=int(tokens), do_sample=False)
print(json.dumps(processor.batch_decode(output[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)))
