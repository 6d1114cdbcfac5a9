"""What anyone would write for text: plain_text.py MODEL chat|text BATCH TOKENS [ADAPTER]; prompts, which are texts or dialogues, on standard input,
answers on standard output, as JSON."""

import json
import sys

import torch
import transformers

path, form, batch_size, tokens, *adapter = sys.argv[1:]
prompts = json.load(sys.stdin)
tokenizer = transformers.AutoTokenizer.from_pretrained(path, padding_side="left")
model = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
if adapter:
    import peft

    model = peft.PeftModel.from_pretrained(model, adapter[0])
answers = []
for start in range(0, len(prompts), int(batch_size)):
    texts = prompts[start : start + int(batch_size)]
    if form == "chat":
        dialogues = [[{"role": "user", "content": text}] if isinstance(text, str) else text for text in texts]
        texts = tokenizer.apply_chat_template(dialogues, tokenize=False, add_generation_prompt=True)
    batch = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=form != "chat")
    output = model.generate(**batch, max_new_tokens=int(tokens), do_sample=False)
    answers += tokenizer.batch_decode(output[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)
print(json.dumps(answers))
