"""Makes a LoRA adapter with random weights for a model: make_lora.py MODEL TARGET"""

import sys

import peft
import torch
import transformers

path, target = sys.argv[1:]
torch.manual_seed(0)
model = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
config = peft.LoraConfig(task_type="CAUSAL_LM", r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
peft.get_peft_model(model, config).save_pretrained(target)
