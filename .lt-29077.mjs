import "node:module";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, extname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import * as chai from "chai";
import { ASYMMETRIC_MATCHERS_OBJECT, GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, customMatchers, setState } from "@vitest/expect";
import { format, promisify } from "node:util";
import { X509Certificate, createHash, randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import { availableParallelism, tmpdir } from "node:os";
import { access, readFile, readdir, stat } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { parser } from "@lezer/python";
import "node:net";
import { createSecureContext } from "node:tls";
import "node:string_decoder";
import { constants } from "node:http2";
import "undici";
import "node:http";
import "node:timers/promises";
import "node:assert/strict";
var __defProp = Object.defineProperty;
var __esmMin = (fn, res, err) => () => {
	if (err) throw err[0];
	try {
		return fn && (res = fn(fn = 0)), res;
	} catch (e) {
		throw err = [e], e;
	}
};
var __exportAll = (all, no_symbols) => {
	let target = {};
	for (var name in all) __defProp(target, name, {
		get: all[name],
		enumerable: true
	});
	if (!no_symbols) __defProp(target, Symbol.toStringTag, { value: "Module" });
	return target;
};
// ../../tmp/h/lt/shim.mjs
chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
const expect = (v, m) => chai.expect(v, m);
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
globalThis[GLOBAL_EXPECT] = expect;
expect.getState = () => state;
expect.setState = () => {};
const state = {
	assertionCalls: 0,
	isExpectingAssertions: false,
	testPath: "",
	currentTestName: ""
};
setState(state, expect);
expect.extend = (m) => chai.expect.extend(expect, m);
try {
	expect.extend(customMatchers);
} catch {}
expect.unreachable = (m) => chai.assert.fail(m ?? "unreachable");
expect.soft = expect;
const root$2 = {
	name: "",
	tests: [],
	before: [],
	after: [],
	be: [],
	ae: [],
	skip: false
};
let here = root$2;
const group = (name, fn, skip = false) => {
	const g = {
		name,
		tests: [],
		before: [],
		after: [],
		be: [],
		ae: [],
		parent: here,
		skip: skip || here.skip
	};
	here.tests.push(g);
	const was = here;
	here = g;
	fn();
	here = was;
};
const table = (cases) => (name, fn, wrap) => {
	let i = 0;
	for (const c of cases) {
		const args = Array.isArray(c) ? c : [c];
		wrap(title(name, args, i++), () => fn(...args));
	}
};
function title(name, args, n) {
	let s = name.replace(/\$(\w+)/g, (all, k) => args[0] && typeof args[0] === "object" && k in args[0] ? String(args[0][k]) : all).replace("%#", n);
	return format(s, ...args.slice(0, (s.match(/%[sdifjoO]/g) ?? []).length));
}
const mk = (skip) => {
	const d = (name, fn) => group(String(name?.name ?? name), fn, skip);
	d.each = (cases) => (name, fn) => table(cases)(name, fn, d);
	return d;
};
const describe = mk(false);
describe.skip = mk(true);
describe.skipIf = (c) => c ? describe.skip : describe;
describe.runIf = (c) => c ? describe : describe.skip;
describe.sequential = describe;
const mkIt = (skip, fails) => {
	const t = (name, a, b) => here.tests.push({
		test: true,
		name: String(name),
		fn: typeof a === "function" ? a : b,
		skip: skip || here.skip,
		parent: here,
		fails
	});
	t.each = (cases) => (name, a, b) => table(cases)(name, typeof a === "function" ? a : b, t);
	return t;
};
const it = mkIt(false);
it.skip = mkIt(true);
it.todo = () => {};
it.skipIf = (c) => c ? it.skip : it;
it.runIf = (c) => c ? it : it.skip;
it.fails = mkIt(false, true);
it.sequential = it;
chai.assert;
let finishers = [];
const onTestFinished = (f) => finishers.push(f);
let passed = 0;
let failed = 0;
let skipped = 0;
const chain = (g, k) => g ? k === "be" ? [...chain(g.parent, k), ...g[k]] : [...g[k], ...chain(g.parent, k)] : [];
async function run$1(g, path) {
	if (!g.skip) for (const f of g.before) await f();
	for (const t of g.tests) {
		if (!t.test) {
			await run$1(t, path ? `${path} > ${t.name}` : t.name);
			continue;
		}
		const name = path ? `${path} > ${t.name}` : t.name;
		if (t.skip) {
			skipped++;
			console.log("SKIP", name);
			continue;
		}
		try {
			for (const f of chain(g, "be")) await f();
			let err;
			try {
				await t.fn();
			} catch (e) {
				err = e;
			}
			for (const f of chain(g, "ae")) await f();
			for (const f of finishers.splice(0).reverse()) await f();
			if (t.fails ? !err : err) throw err ?? /* @__PURE__ */ new Error("should fail");
			passed++;
		} catch (e) {
			failed++;
			console.log("FAIL", name, "\n   ", String(e?.stack ?? e).slice(0, 1500), e?.cause ? "\n    cause: " + String(e.cause.message ?? e.cause).slice(0, 1200) : "", e?.actual !== void 0 ? "\n    actual: " + JSON.stringify(e.actual)?.slice(0, 600) + "\n    expected: " + JSON.stringify(e.expected)?.slice(0, 600) : "");
		}
	}
	if (!g.skip) for (const f of g.after) await f();
}
async function runAll() {
	await run$1(root$2, "");
	console.log(`LT ${passed} passed, ${failed} failed, ${skipped} skipped`);
	process.exit(failed ? 1 : 0);
}
// src/evaluate/python-number.ts
/** The number, as Python's `float(text)` reads it; undefined where Python raises ValueError. */
function pythonFloat(text) {
	const plain = asciiDigits(text.trim());
	if (FLOAT.test(plain)) return Number(plain.replaceAll("_", ""));
	const sign = INFINITE$1.exec(plain)?.[1];
	if (sign !== void 0) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
	return /^[-+]?nan$/i.test(plain) ? NaN : void 0;
}
/** The number, as Python's `int(text)` reads it, as a double; undefined where Python raises ValueError. */
function pythonInt(text) {
	const plain = asciiDigits(text.trim());
	return INT.test(plain) ? Number(plain.replaceAll("_", "")) : void 0;
}
/** The decimal digits of every script as 0 … 9, the rest untouched. */
function asciiDigits(text) {
	return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0))));
}
/** Unicode keeps decimal digits in runs of ten, 0 first, so the place in the run is the value. */
function digitValue(codePoint) {
	let zero = codePoint;
	while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--;
	return (codePoint - zero) % 10;
}
var DIGITS$1, FLOAT, INT, INFINITE$1;
var init_python_number = __esmMin((() => {
	DIGITS$1 = String.raw`\d+(?:_\d+)*`;
	FLOAT = new RegExp(`^[-+]?(?:${DIGITS$1}\\.?(?:${DIGITS$1})?|\\.${DIGITS$1})(?:e[-+]?${DIGITS$1})?$`, "i");
	INT = new RegExp(`^[-+]?${DIGITS$1}$`);
	INFINITE$1 = /^([-+]?)inf(?:inity)?$/i;
}));
// src/evaluate/evaluators/gsm8k.ts
var gsm8k_exports$1 = /* @__PURE__ */ __exportAll({ gsm8kEvaluator: () => gsm8kEvaluator });
function isEqual$1(answer, reference) {
	if (answer === reference) return true;
	const given = pythonFloat(answer);
	const wanted = pythonInt(reference);
	return given !== void 0 && wanted !== void 0 && Math.abs(given - wanted) < TOLERANCE$1;
}
var TOLERANCE$1, gsm8kEvaluator;
var init_gsm8k$1 = __esmMin((() => {
	init_python_number();
	TOLERANCE$1 = 1e-6;
	gsm8kEvaluator = {
		name: "Gsm8kEvaluator",
		grade: ({ answer, reference }) => ({ credit: isEqual$1(answer, reference) ? 1 : 0 })
	};
}));
/** The message of anything thrown, on one line. */
function messageOf$2(error) {
	return (error instanceof Error ? error.message || error.name : String(error)).replace(/\s+/g, " ").trim();
}
var EXIT, CODES, AisBenchError;
var init_errors$1 = __esmMin((() => {
	EXIT = {
		ok: 0,
		/** Work was begun and failed: requests, a service, a model, or this tool itself. */
		failed: 1,
		/** Nothing was begun: a flag, a config or a file is wrong. */
		badInput: 2,
		/** `--strict`: the run is no valid measurement. */
		notValid: 3,
		/** A gate on a comparison of runs. */
		regression: 4,
		interrupted: 130
	};
	CODES = {
		"TMAN-CMD-001": {
			exit: EXIT.badInput,
			meaning: "a required argument is missing"
		},
		"TMAN-CMD-002": {
			exit: EXIT.badInput,
			meaning: "an argument has an invalid value"
		},
		"TMAN-CFG-001": {
			exit: EXIT.badInput,
			meaning: "a config file cannot be read"
		},
		"TMAN-CFG-002": {
			exit: EXIT.badInput,
			meaning: "a config file lacks what it must define"
		},
		"UTILS-MATCH-001": {
			exit: EXIT.badInput,
			meaning: "no config of that name"
		},
		"UTILS-CFG-002": {
			exit: EXIT.badInput,
			meaning: "a config value is wrong"
		},
		"UTILS-CFG-003": {
			exit: EXIT.badInput,
			meaning: "a name that no class, dataset, evaluator or post-processor has"
		},
		"UTILS-FILE-003": {
			exit: EXIT.badInput,
			meaning: "a tokenizer cannot be loaded"
		},
		"UTILS-FILE-005": {
			exit: EXIT.badInput,
			meaning: "a file that would be overwritten"
		},
		"UTILS-DEPENDENCY-001": {
			exit: EXIT.badInput,
			meaning: "an optional package is missing"
		},
		"DSET-FILE-001": {
			exit: EXIT.badInput,
			meaning: "dataset files are missing"
		},
		"DSET-PULL-001": {
			exit: EXIT.failed,
			meaning: "a dataset file cannot be downloaded"
		},
		"DSET-PULL-002": {
			exit: EXIT.failed,
			meaning: "a downloaded dataset file is not the published one"
		},
		"DSET-DATA-002": {
			exit: EXIT.badInput,
			meaning: "a dataset row is malformed"
		},
		"DSET-PARAM-002": {
			exit: EXIT.badInput,
			meaning: "k is more than the answers to each row"
		},
		"ICLR-TYPE-001": {
			exit: EXIT.badInput,
			meaning: "a prompt template is malformed"
		},
		"ICLR-PARAM-003": {
			exit: EXIT.badInput,
			meaning: "a prompt with images, video or audio does not fit"
		},
		"ICLR-PARAM-004": {
			exit: EXIT.badInput,
			meaning: "a few-shot row does not exist"
		},
		"ICLI-PARAM-002": {
			exit: EXIT.badInput,
			meaning: "there is no such infer_mode of dialogues"
		},
		"ICLI-PARAM-006": {
			exit: EXIT.badInput,
			meaning: "perplexity has no performance mode"
		},
		"ICLI-PARAM-007": {
			exit: EXIT.badInput,
			meaning: "perplexity is not asked for in streams"
		},
		"ICLI-IMPL-008": {
			exit: EXIT.badInput,
			meaning: "the class cannot ask for perplexity"
		},
		"TINFER-PARAM-006": {
			exit: EXIT.badInput,
			meaning: "a trace has a row without a timestamp"
		},
		"RUN-WORKER-001": {
			exit: EXIT.failed,
			meaning: "a load worker could not do its part"
		},
		"RUN-LIMIT-001": {
			exit: EXIT.badInput,
			meaning: "this machine cannot hold the load that is asked"
		},
		"RUN-SELFTEST-001": {
			exit: EXIT.failed,
			meaning: "the self-test could not be finished"
		},
		"MODEL-IMPL-001": {
			exit: EXIT.badInput,
			meaning: "the class has no parseTextResponse"
		},
		"MODEL-IMPL-002": {
			exit: EXIT.badInput,
			meaning: "the class has no parseStreamResponse"
		},
		"MODEL-IMPL-003": {
			exit: EXIT.badInput,
			meaning: "the class cannot build a request"
		},
		"MODEL-IMPL-004": {
			exit: EXIT.badInput,
			meaning: "a local model cannot be loaded"
		},
		"MODEL-RUN-001": {
			exit: EXIT.failed,
			meaning: "a local model was lost in the middle of a run"
		},
		"MODEL-DATA-001": {
			exit: EXIT.failed,
			meaning: "the service did not tell its model's name"
		},
		"EVAL-SANDBOX-001": {
			exit: EXIT.badInput,
			meaning: "code of answers cannot be contained on this machine"
		},
		"RUN-FILE-001": {
			exit: EXIT.badInput,
			meaning: "the run folder cannot be written"
		},
		"RUN-DATA-001": {
			exit: EXIT.badInput,
			meaning: "a record file is not readable"
		},
		"RUN-CFG-001": {
			exit: EXIT.badInput,
			meaning: "a run that is to be continued was made with other settings"
		},
		"RUN-PARAM-001": {
			exit: EXIT.badInput,
			meaning: "a load test that cannot be continued"
		},
		"RUN-LOCK-001": {
			exit: EXIT.badInput,
			meaning: "another run works in the folder"
		},
		"ENGINE-PARAM-001": {
			exit: EXIT.badInput,
			meaning: "the embedded service cannot start with these settings"
		}
	};
	AisBenchError = class extends Error {
		name = "AisBenchError";
		code;
		where;
		cure;
		constructor(code, message, detail) {
			super(message, { cause: detail.cause });
			this.code = code;
			this.where = detail.where;
			this.cure = detail.cure;
		}
		get exitCode() {
			return CODES[this.code].exit;
		}
	};
}));
var BaseModel;
var init_base_model = __esmMin((() => {
	BaseModel = class {
		options;
		constructor(options) {
			this.options = options;
		}
	};
}));
// src/models/prompt-list.ts
/** The dialogue as chat services take it: plain text becomes one user message. */
function toMessages(input) {
	return typeof input === "string" ? [{
		role: "user",
		content: input
	}] : input;
}
/** The parts of all messages that are no text, in order. */
function mediaOf(input) {
	if (typeof input === "string") return [];
	return input.flatMap(({ content }) => typeof content === "string" ? [] : content.filter((part) => typeof part["text"] !== "string"));
}
/**
* The dialogue as one text, messages joined by a newline (AISBench §3.3, LMTemplateParser without a meta template). Throws
* ICLR-PARAM-003 where it has images, video or audio: without them the question would be another one.
*/
function toText(input) {
	const [medium] = mediaOf(input);
	if (medium !== void 0) throw new AisBenchError("ICLR-PARAM-003", `a prompt with a part ${medium.type} cannot be told as one text`, {
		where: "type",
		cure: "ask a model that takes images, video or audio (docs/multimodal.md)"
	});
	return typeof input === "string" ? input : input.map(({ content }) => textOf$7(content)).join("\n");
}
function textOf$7(content) {
	if (typeof content === "string") return content;
	return content.map((part) => typeof part["text"] === "string" ? part["text"] : "").join("");
}
var init_prompt_list = __esmMin((() => {
	init_errors$1();
}));
// src/models/local/llama-sampling.ts
/** Greedy unless a temperature above 0 is given, or `do_sample` alone, which means 1. Nothing else is on by itself. */
function llamaSampling(kwargs) {
	const { do_sample, temperature, top_k, seed } = kwargs;
	return {
		temperature: do_sample === false ? 0 : temperature ?? (do_sample ? 1 : 0),
		topK: Math.max(0, top_k ?? 0),
		topP: kwargs.top_p ?? 1,
		minP: kwargs.min_p ?? 0,
		seed: seed ?? void 0,
		repetitionPenalty: kwargs.repetition_penalty ?? 1,
		frequencyPenalty: kwargs.frequency_penalty ?? 0,
		presencePenalty: kwargs.presence_penalty ?? 0,
		ignoreEos: kwargs.ignore_eos ?? false
	};
}
/** The same in node-llama-cpp's words, for an answer of at most `maxOutLen` tokens that has `answered` so far. */
function evaluateOptions(sampling, prompt, answered, maxOutLen) {
	const { temperature, topK, topP, minP, seed = randomInt(2 ** 32) } = sampling;
	const repeatPenalty = penalties(sampling, prompt, answered);
	return {
		temperature,
		topK,
		topP,
		minP,
		seed,
		yieldEogToken: true,
		...repeatPenalty && { repeatPenalty: {
			...repeatPenalty,
			maxPunishTokens: prompt.length + maxOutLen
		} }
	};
}
function penalties({ repetitionPenalty: penalty, frequencyPenalty, presencePenalty }, prompt, answered) {
	if (penalty !== 1) return {
		penalty,
		punishTokens: () => [...prompt, ...answered]
	};
	if (frequencyPenalty === 0 && presencePenalty === 0) return void 0;
	return {
		penalty,
		frequencyPenalty,
		presencePenalty,
		punishTokens: () => answered
	};
}
var samplingKwargs;
var init_llama_sampling = __esmMin((() => {
	samplingKwargs = z.strictObject({
		do_sample: z.boolean().nullish(),
		temperature: z.number().min(0).nullish(),
		top_k: z.int().min(-1).nullish(),
		top_p: z.number().positive().max(1).nullish(),
		min_p: z.number().min(0).max(1).nullish(),
		seed: z.int().min(0).max(4294967295).nullish(),
		repetition_penalty: z.number().positive().nullish(),
		frequency_penalty: z.number().min(-2).max(2).nullish(),
		presence_penalty: z.number().min(-2).max(2).nullish(),
		ignore_eos: z.boolean().nullish(),
		stop_token_ids: z.array(z.int()).nullish()
	}).refine(({ repetition_penalty, frequency_penalty, presence_penalty }) => {
		return !((frequency_penalty ?? 0) !== 0 || (presence_penalty ?? 0) !== 0) || (repetition_penalty ?? 1) === 1;
	}, "repetition_penalty looks at the prompt too and the other penalties do not: they cannot be used together");
}));
// src/models/local/llama-text.ts
var LlamaText, LOOK_BACK;
var init_llama_text = __esmMin((() => {
	LlamaText = class {
		#decode;
		#before;
		#pending = [];
		/** `decode` turns tokens into text, given the tokens before them; `before`: the prompt's tokens. */
		constructor(decode, before) {
			this.#decode = decode;
			this.#before = before.slice(-LOOK_BACK);
		}
		/** The text that can be shown now, '' while a letter is unfinished. `last`: show what there is. */
		add(token, last) {
			this.#pending.push(token);
			const text = this.#decode(this.#pending, this.#before);
			if (text.endsWith("�") && !last && this.#pending.length < 4) return "";
			this.#before = [...this.#before, ...this.#pending].slice(-LOOK_BACK);
			this.#pending = [];
			return text;
		}
	};
	LOOK_BACK = 4;
}));
// src/models/local/llama-answer.ts
var LlamaAnswer;
var init_llama_answer = __esmMin((() => {
	init_llama_sampling();
	init_llama_text();
	LlamaAnswer = class {
		#model;
		#prompt;
		#limits;
		#next;
		#letters;
		#answered = [];
		#text = "";
		#finishReason;
		constructor(model, sequence, prompt, limits) {
			this.#model = model;
			this.#prompt = prompt;
			this.#limits = limits;
			const { sampling, maxOutLen } = limits;
			const options = evaluateOptions(sampling, prompt, this.#answered, maxOutLen);
			this.#next = sequence.evaluate(prompt.slice(sequence.nextTokenIndex), options);
			this.#letters = new LlamaText((tokens, before) => model.detokenize(tokens, false, before), prompt);
		}
		get isOver() {
			return this.#finishReason !== void 0;
		}
		/** Grows by one token, which may be its end. */
		async grow() {
			const { value: token } = await this.#next.next();
			if (token === void 0) throw new Error("llama.cpp gave no further token");
			this.#answered.push(token);
			const isLast = this.#answered.length >= this.#limits.maxOutLen;
			if (this.#isEnd(token)) this.#finishReason = "stop";
			else if (this.#addText(this.#letters.add(token, isLast))) this.#finishReason = "stop";
			else if (isLast) this.#finishReason = "length";
			if (this.isOver) await this.close();
		}
		result() {
			return {
				text: this.#text,
				inputTokens: this.#prompt.length,
				outputTokens: this.#answered.length,
				...this.#finishReason === void 0 ? {} : { finishReason: this.#finishReason }
			};
		}
		/** Lets go of the sequence. */
		async close() {
			await this.#next.return();
		}
		#isEnd(token) {
			const { sampling, stopTokens } = this.#limits;
			return stopTokens.includes(token) || !sampling.ignoreEos && this.#model.isEogToken(token);
		}
		/** True where a stop word came: the text ends before the first of them. */
		#addText(piece) {
			const { stopWords } = this.#limits;
			const longest = Math.max(0, ...stopWords.map((word) => word.length));
			const from = Math.max(0, this.#text.length - longest + 1);
			this.#text += piece;
			const ends = stopWords.map((word) => this.#text.indexOf(word, from)).filter((at) => at >= 0);
			if (ends.length === 0) return false;
			this.#text = this.#text.slice(0, Math.min(...ends));
			return true;
		}
	};
}));
// src/models/local/llama-batch.ts
/**
* Answers as many prompts as there are sequences, at most. All answers grow by a token in each step, so that the same batch is
* computed in the same way every time, and none waits for another that is out of step. Throws the signal's reason.
*/
async function answerTogether(llama, prompts, limits, { signal, onTokens }) {
	const sequences = await sequencesFor(llama.sequences, prompts);
	await readTogether(llama, sequences.map((sequence, index) => ({
		sequence,
		unread: prompts[index].slice(sequence.nextTokenIndex, -1)
	})), signal);
	const answers = sequences.map((sequence, index) => new LlamaAnswer(llama.model, sequence, prompts[index], limits));
	try {
		for (let growing = [...answers.keys()]; growing.length > 0;) {
			signal.throwIfAborted();
			await Promise.all(growing.map((index) => answers[index].grow()));
			for (const index of growing) onTokens?.(index, 1);
			growing = growing.filter((index) => !answers[index].isOver);
		}
	} finally {
		await Promise.all(answers.map((answer) => answer.close()));
	}
	return answers.map((answer) => answer.result());
}
/** For each prompt the sequence that holds most of its beginning, and now nothing else; at least a token is left to read. */
async function sequencesFor(sequences, prompts) {
	const free = [...sequences];
	const chosen = [];
	for (const prompt of prompts) {
		const held = free.map((sequence) => sequence.compareContextTokens(prompt).firstDifferentIndex);
		const [sequence] = free.splice(held.indexOf(Math.max(...held)), 1);
		await keepBeginning(sequence, prompt);
		chosen.push(sequence);
	}
	return chosen;
}
/** Makes the sequence hold the beginning that it shares with `ids`, and nothing else: all but one of them at most. */
async function keepBeginning(sequence, ids) {
	const shared = Math.min(sequence.compareContextTokens(ids).firstDifferentIndex, ids.length - 1);
	if (shared === 0) await sequence.clearHistory();
	else await sequence.adaptStateToTokens(ids.slice(0, shared), false);
}
/** Reads prompts in parts that llama.cpp computes at once, and stops between them when the run does. */
async function readTogether({ batchTokens }, readers, signal) {
	for (;;) {
		const reading = readers.filter(({ unread }) => unread.length > 0);
		if (reading.length === 0) return;
		signal.throwIfAborted();
		const part = Math.max(1, Math.floor(batchTokens / reading.length));
		await Promise.all(reading.map(async (reader) => {
			const now = reader.unread.slice(0, part);
			reader.unread = reader.unread.slice(part);
			await reader.sequence.evaluateWithoutGeneratingNewTokens(now);
		}));
	}
}
var init_llama_batch = __esmMin((() => {
	init_llama_answer();
}));
// src/models/local/llama-peer.ts
/** Finds and loads node-llama-cpp, which is no dependency of ours: its binaries are large and few people need them. */
/**
* Looks in the folder that AIS_BENCH_PEERS names, in the working directory and beside this package, in that order.
* Throws UTILS-DEPENDENCY-001 with the command that installs it.
*/
async function loadLlamaPeer() {
	const here = dirname(fileURLToPath("file:///work/main/src/models/local/llama-peer.ts"));
	const named = process.env["AIS_BENCH_PEERS"];
	const starts = [
		...named ? [resolve(named)] : [],
		process.cwd(),
		here
	];
	const folder = starts.map((start) => findPackage("node-llama-cpp", start)).find((found) => found !== void 0);
	if (folder === void 0) throw missing(`not found from ${starts.join(", ")}`);
	try {
		return {
			llama: await importFrom$1(folder),
			jinja: await importFrom$1(findPackage("@huggingface/jinja", folder))
		};
	} catch (cause) {
		throw missing(`found at ${folder}, but it does not load`, cause);
	}
}
/** The nearest `node_modules/<name>` at or above a folder, as Node would find it. */
function findPackage(name, start) {
	for (let folder = start;; folder = dirname(folder)) {
		const candidate = join(folder, "node_modules", name);
		if (existsSync(join(candidate, "package.json"))) return candidate;
		if (dirname(folder) === folder) return void 0;
	}
}
async function importFrom$1(folder) {
	const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
	return import(pathToFileURL(join(folder, manifest.exports["."].import)).href);
}
function missing(reason, cause) {
	return new AisBenchError("UTILS-DEPENDENCY-001", "llama.cpp needs the package node-llama-cpp", {
		where: reason,
		cure: `run \`${LLAMA_INSTALL}\` here, or anywhere and set AIS_BENCH_PEERS to that folder`,
		cause
	});
}
var LLAMA_INSTALL;
var init_llama_peer = __esmMin((() => {
	init_errors$1();
	LLAMA_INSTALL = "npm i node-llama-cpp@3.22.1 @node-llama-cpp/linux-x64@3.22.1 --omit=optional";
}));
// src/models/local/llama-load.ts
/**
* Loads a model file. Throws UTILS-DEPENDENCY-001 when node-llama-cpp is missing, an Error when the file is, and what
* node-llama-cpp throws.
*/
async function loadLlama(loading) {
	const { gguf, gpu, threads } = loading;
	if (!existsSync(gguf)) throw new Error("there is no such model file");
	const peer = await loadLlamaPeer();
	const llama = await peer.llama.getLlama({
		build: "never",
		gpu,
		logLevel: "error",
		maxThreads: threads
	});
	try {
		const deviceBytesBefore = llama.gpu === false ? 0 : (await llama.getVramState()).used;
		return {
			llama,
			jinja: peer.jinja,
			deviceBytesBefore,
			...await openModel(llama, loading)
		};
	} catch (error) {
		await llama.dispose();
		throw error;
	}
}
async function openModel(llama, { gguf, vocabOnly = false, sequences, threads, signal, ...loading }) {
	const model = await llama.loadModel({
		modelPath: gguf,
		vocabOnly,
		...signal === void 0 ? {} : { loadSignal: signal }
	});
	const contextLength = Math.min(loading.contextLength, model.trainContextSize);
	if (vocabOnly) return {
		model,
		contextLength,
		batchTokens: 0,
		sequences: []
	};
	const context = await model.createContext({
		sequences,
		contextSize: contextLength,
		threads: {
			ideal: threads,
			min: threads
		},
		...signal === void 0 ? {} : { createSignal: signal }
	});
	return {
		model,
		contextLength,
		batchTokens: context.batchSize,
		sequences: Array.from({ length: sequences }, () => context.getSequence())
	};
}
/** One core stays with the rest of the command; beyond 8 threads a model that fits a CPU gains nothing. */
function defaultThreads() {
	return Math.min(8, Math.max(1, availableParallelism() - 1));
}
var init_llama_load = __esmMin((() => {
	init_llama_peer();
}));
// src/models/local/llama-loss.ts
/** Texts that are scored together, one a sequence at most. Throws the signal's reason, and for a text of one token. */
async function lossTogether({ sequences, batchTokens }, texts, { signal }) {
	if (texts.find((ids) => ids.length < 2) !== void 0) throw new Error("a text of one token has no perplexity: nothing comes before it");
	await Promise.all(texts.map((_, index) => sequences[index].clearHistory()));
	const sums = texts.map(() => 0);
	const longest = Math.max(0, ...texts.map((ids) => ids.length));
	const part = Math.max(1, Math.floor(batchTokens / Math.max(1, texts.length)));
	for (let from = 0; from < longest - 1; from += part) {
		signal.throwIfAborted();
		await Promise.all(texts.map(async (ids, index) => {
			const logprobs = await tokenLogprobs(sequences[index], ids, from, from + part);
			for (const logprob of logprobs) sums[index] += logprob;
		}));
	}
	return texts.map((ids, index) => ({
		loss: -sums[index] / (ids.length - 1),
		tokens: ids.length - 1
	}));
}
/** The log probability of each token that follows one of the tokens from `from` to before `to`. */
async function tokenLogprobs(sequence, ids, from, to) {
	const asked = ids.slice(from, Math.min(to, ids.length - 1));
	if (asked.length === 0) return [];
	return (await nextLogits(sequence, asked.map((id, index) => ({
		id,
		next: ids[from + index + 1]
	})), 1)).map((place, index) => logprobOf(place, ids[from + index + 1]));
}
/**
* What the model expects after each token: the logits of the token that does follow and of the `best` likeliest ones. Only the
* logits that are looked at leave the library.
*/
async function nextLogits(sequence, asked, best) {
	const options = {
		temperature: 1,
		topK: 0,
		topP: 1,
		minP: 0
	};
	return (await sequence.controlledEvaluate(asked.map(({ id, next }) => {
		return [id, { generateNext: {
			logits: { filter: {
				tokens: next === void 0 ? [] : [next],
				includeTop: Math.max(1, best)
			} },
			totalLogitWeight: true,
			options
		} }];
	}))).map((place) => place?.next);
}
/** The log of a token's probability; -∞ where its logit was not asked for. */
function logprobOf({ logits = /* @__PURE__ */ new Map(), totalLogitWeight = 1 }, id) {
	const highest = Math.max(...logits.values());
	return (logits.get(id) ?? Number.NEGATIVE_INFINITY) - highest - Math.log(totalLogitWeight);
}
var init_llama_loss = __esmMin((() => {}));
// src/models/local/python-options.ts
/**
* The options as a Python engine gets them: AISBench's names, and every further key as the config's author wrote it. Of a
* class that was made without a config, the further keys are the options' in snake_case.
*/
function pythonOptions(options) {
	const told = Object.entries(options).filter(([key, value]) => !NOT_TOLD.includes(key) && value !== void 0).filter(([key]) => options.further === void 0 || COMMON$1.includes(key)).map(([key, value]) => [snakeCase$1(key), value]);
	return {
		...options.further ?? {},
		...Object.fromEntries(told)
	};
}
function snakeCase$1(name) {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
var COMMON$1, NOT_TOLD;
var init_python_options = __esmMin((() => {
	COMMON$1 = [
		"path",
		"maxOutLen",
		"batchSize",
		"maxSeqLen",
		"tokenizerOnly",
		"metaTemplate",
		"generationKwargs"
	];
	NOT_TOLD = ["further", "python"];
}));
// src/models/local/llama-options.ts
/** Reads the options of a GGUF model. Throws UTILS-CFG-002 for a key or a value that it does not know. */
function llamaSettings(options) {
	const told = Object.entries(pythonOptions(options)).filter(([key, value]) => !ELSEWHERE.has(key) && value !== null);
	const read = keys.safeParse(Object.fromEntries(told));
	if (!read.success) throw wrong$3(read.error.issues[0]);
	const { gpu, threads, end_str, stop_words, stop_token_ids, generation_kwargs, ...rest } = read.data;
	return {
		loading: {
			gguf: options.path,
			gpu,
			threads,
			sequences: options.batchSize,
			contextLength: options.maxSeqLen,
			vocabOnly: options.tokenizerOnly
		},
		mode: rest.drop_middle ? "mid" : rest.mode,
		stopWords: [...stop_words, end_str ?? ""].filter((word) => word !== ""),
		stopTokens: [...stop_token_ids, ...generation_kwargs.stop_token_ids ?? []],
		prefixCache: rest.prefix_cache,
		sampling: llamaSampling(generation_kwargs)
	};
}
function wrong$3(issue) {
	const key = issue.path.join(".");
	const isUnknown = issue.code === "unrecognized_keys";
	const known = issue.path[0] === "generation_kwargs" ? samplingKwargs.shape : keys.shape;
	return new AisBenchError("UTILS-CFG-002", `a GGUF model's options: ${key && `${key}: `}${issue.message}`, {
		where: isUnknown ? issue.keys.join(", ") : key,
		cure: isUnknown ? `choose among ${Object.keys(known).join(", ")}` : `correct ${key}`
	});
}
var keys, ELSEWHERE;
var init_llama_options = __esmMin((() => {
	init_errors$1();
	init_llama_load();
	init_llama_sampling();
	init_python_options();
	keys = z.strictObject({
		gpu: z.union([z.literal(false), z.enum([
			"auto",
			"cuda",
			"vulkan",
			"metal"
		])]).default("auto"),
		threads: z.int().positive().default(defaultThreads),
		mode: z.enum(["none", "mid"]).default("none"),
		drop_middle: z.boolean().default(false),
		stop_words: z.union([z.string().transform((word) => [word]), z.array(z.string())]).default([]),
		stop_token_ids: z.array(z.int()).default([]),
		end_str: z.string().optional(),
		prefix_cache: z.boolean().default(true),
		generation_kwargs: samplingKwargs
	});
	ELSEWHERE = /* @__PURE__ */ new Set([...[
		"path",
		"max_out_len",
		"batch_size",
		"max_seq_len",
		"tokenizer_only",
		"meta_template",
		"sync_rank"
	]]);
}));
// src/models/local/llama-prompt.ts
/** A text's tokens, behind the one that the model wants at the beginning; never none. Throws for a text of no tokens. */
function textTokens(model, text) {
	const ids = model.tokenize(text, true);
	const { bos, shouldPrependBosToken } = model.tokens;
	const whole = shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids;
	if (whole.length === 0) throw new Error("The prompt is empty.");
	return whole;
}
/** A dialogue's tokens, by the model's own chat template. Throws where it has none, or refuses the messages. */
function chatTokens(model, jinja, messages) {
	const source = model.fileInfo.metadata.tokenizer?.chat_template;
	if (source === void 0) throw new Error("The model has no chat template.");
	try {
		const text = new jinja.Template(source).render({
			messages,
			add_generation_prompt: true,
			bos_token: model.tokens.bosString ?? "",
			eos_token: model.tokens.eosString ?? ""
		});
		return model.tokenize(text, true);
	} catch (error) {
		throw new Error(`The model's chat template refuses these messages: ${messageOf$2(error)}`);
	}
}
/**
* Messages with text, those of one role after another joined by a newline, as chat templates want them. Throws for a part
* that is no text.
*/
function mergedMessages(input) {
	const merged = [];
	for (const message of toMessages(input)) {
		const [role, content] = [ROLES[message.role] ?? message.role, textOf$6(message)];
		if (content === "") continue;
		const last = merged.at(-1);
		if (last?.role === role) last.content += `\n${content}`;
		else merged.push({
			role,
			content
		});
	}
	return merged;
}
function textOf$6({ content }) {
	if (typeof content === "string") return content;
	return content.map((part) => {
		if (part.type !== "text") throw new Error(`a part "${part.type}" in a message to a model of texts`);
		return part["text"];
	}).join("");
}
/** At most `room` of the tokens: the last ones, or as many of both ends. */
function cutTo(ids, room, mode) {
	if (ids.length <= room) return ids;
	const atEnd = mode === "mid" ? Math.floor(room / 2) : room;
	return [...ids.slice(0, room - atEnd), ...ids.slice(ids.length - atEnd)];
}
var ROLES;
var init_llama_prompt = __esmMin((() => {
	init_errors$1();
	init_prompt_list();
	ROLES = {
		HUMAN: "user",
		BOT: "assistant",
		SYSTEM: "system"
	};
}));
// src/models/local/llama.ts
var llama_exports = /* @__PURE__ */ __exportAll({
	GGUFBaseModel: () => GGUFBaseModel,
	GGUFwithChatTemplate: () => GGUFwithChatTemplate
});
function unusable(path, message, cause, cure = CURE) {
	return new AisBenchError("MODEL-IMPL-004", `the GGUF model cannot be used: ${message}`, {
		where: path,
		cure,
		cause
	});
}
var GGUFBaseModel, GGUFwithChatTemplate, CURE;
var init_llama = __esmMin((() => {
	init_errors$1();
	init_base_model();
	init_prompt_list();
	init_llama_batch();
	init_llama_load();
	init_llama_loss();
	init_llama_options();
	init_llama_prompt();
	GGUFBaseModel = class extends BaseModel {
		#settings;
		#loaded;
		/** What is under way; it never rejects. */
		#working = Promise.resolve();
		/** The most that was taken of the accelerators, as far as it was looked at. */
		#deviceBytes;
		/** Throws UTILS-CFG-002 for options that it does not know. */
		constructor(options) {
			super(options);
			this.#settings = llamaSettings(options);
		}
		/** Throws UTILS-DEPENDENCY-001 when node-llama-cpp is missing, and MODEL-IMPL-004 when the file is no model. */
		async load(signal) {
			try {
				this.#loaded = await loadLlama({
					...this.#settings.loading,
					signal
				});
				await this.#lookAtDevice();
				this.checkLoaded(this.#loaded);
			} catch (cause) {
				if (cause instanceof AisBenchError || signal.aborted) throw cause;
				throw unusable(this.options.path, messageOf$2(cause), cause);
			}
		}
		generate(inputs, maxOutLen, args) {
			const { mode, prefixCache, ...rest } = this.#settings;
			return this.#inBatches(inputs, args, async (llama, batch, first) => {
				const room = llama.contextLength - maxOutLen;
				if (room < 1) throw new Error(`max_out_len ${maxOutLen} leaves no room for a prompt in ${llama.contextLength} tokens`);
				const prompts = batch.map((input) => cutTo(this.promptTokens(llama, input), room, mode));
				if (!prefixCache) await Promise.all(llama.sequences.map((sequence) => sequence.clearHistory()));
				const onTokens = (index, tokens) => args.onTokens?.(first + index, tokens);
				return answerTogether(llama, prompts, {
					...rest,
					maxOutLen
				}, {
					...args,
					onTokens
				});
			});
		}
		/** Of the texts as they stand: no chat template is laid around them. */
		getPpl(inputs, args) {
			return this.#inBatches(inputs, args, (llama, batch) => {
				return lossTogether(llama, batch.map((input) => textTokens(llama.model, toText(input))).map((ids) => cutTo(ids, llama.contextLength, this.#settings.mode)), args);
			});
		}
		/** Of the whole process; on an accelerator, what it took beyond what was taken before. */
		async peakMemory() {
			await this.#lookAtDevice();
			const rssBytes = process.resourceUsage().maxRSS * 1024;
			return this.#deviceBytes === void 0 ? { rssBytes } : {
				rssBytes,
				deviceBytes: this.#deviceBytes
			};
		}
		async close() {
			const loaded = this.#loaded;
			this.#loaded = void 0;
			await this.#working;
			await loaded?.llama.dispose();
		}
		promptTokens({ model }, input) {
			return textTokens(model, toText(input));
		}
		/** Throws where the model cannot be asked as this class asks. */
		checkLoaded(_llama) {}
		/** Works on the inputs, `batch_size` at once; calls that come meanwhile wait. */
		#inBatches(inputs, { signal }, work) {
			const done = this.#working.then(async () => {
				const results = [];
				const llama = this.#loaded;
				if (llama === void 0) throw new Error("the model is not loaded");
				const size = llama.sequences.length;
				if (size === 0) throw new Error("the config says tokenizer_only: there are no weights to ask");
				for (let first = 0; first < inputs.length; first += size) {
					signal.throwIfAborted();
					results.push(...await work(llama, inputs.slice(first, first + size), first));
					await this.#lookAtDevice();
				}
				return results;
			});
			this.#working = done.catch(() => {});
			return done;
		}
		async #lookAtDevice() {
			if (this.#loaded === void 0 || this.#loaded.llama.gpu === false) return;
			const { llama, deviceBytesBefore } = this.#loaded;
			const { used } = await llama.getVramState();
			this.#deviceBytes = Math.max(this.#deviceBytes ?? 0, used - deviceBytesBefore);
		}
	};
	GGUFwithChatTemplate = class extends GGUFBaseModel {
		promptTokens({ model, jinja }, input) {
			return chatTokens(model, jinja, mergedMessages(input));
		}
		checkLoaded({ model }) {
			if (model.fileInfo.metadata.tokenizer?.chat_template !== void 0) return;
			throw unusable(this.options.path, "it has no chat template", void 0, "use GGUFBaseModel for it");
		}
	};
	CURE = "correct the config's path: it names one .gguf file with a model of texts";
}));
// src/python-bridge/errors.ts
var PythonError, WorkerDied;
var init_errors = __esmMin((() => {
	PythonError = class extends Error {
		name = "PythonError";
		/** The exception's class. */
		type;
		/** What pip has to be told to install, where a package is missing. */
		requirement;
		constructor(told) {
			super(`${told["type"]}: ${told["message"]}`);
			this.type = String(told["type"]);
			this.requirement = typeof told["requirement"] === "string" ? told["requirement"] : void 0;
			this.stack = String(told["traceback"]);
		}
	};
	WorkerDied = class extends Error {
		name = "WorkerDied";
		/** The end of what it printed. */
		lastWords;
		constructor(how, lastWords, lastLine) {
			super(`the Python worker ${how}${lastLine === "" ? "" : `; its last words: ${lastLine}`}`);
			this.lastWords = lastWords;
			this.stack = `${this.message}\n${lastWords}`;
		}
	};
}));
// src/python-bridge/interpreter.ts
/**
* The Python that runs the worker: the one asked for (`--python`, or the config's `python`), else that of the active
* virtual environment, else `python3` of the search path.
*/
function findPython(asked) {
	if (asked !== void 0 && asked !== "") return asked;
	const environment = process.env["VIRTUAL_ENV"];
	return environment === void 0 || environment === "" ? "python3" : join(environment, "bin", "python");
}
var init_interpreter = __esmMin((() => {}));
// src/python-bridge/json-lines.ts
function objectIn$1(line) {
	let value;
	try {
		value = JSON.parse(line);
	} catch {
		value = void 0;
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
	throw new Error(`what is no message: ${JSON.stringify(line.slice(0, 200))}`);
}
var LONGEST_LINE, NEWLINE, JsonLines;
var init_json_lines = __esmMin((() => {
	LONGEST_LINE = 268435456;
	NEWLINE = 10;
	JsonLines = class {
		#pieces = [];
		#length = 0;
		/** The objects that these bytes complete, then, where a line is no JSON object, an Error that quotes it is thrown. */
		*push(bytes) {
			let from = 0;
			for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
				const line = Buffer.concat([...this.#pieces, bytes.subarray(from, end)]).toString("utf8");
				this.#pieces = [];
				this.#length = 0;
				from = end + 1;
				yield objectIn$1(line);
			}
			this.#keep(bytes.subarray(from));
		}
		#keep(rest) {
			if (rest.length === 0) return;
			this.#pieces.push(rest);
			this.#length += rest.length;
			if (this.#length > LONGEST_LINE) throw new Error(`a line without an end: ${this.#length} bytes`);
		}
	};
}));
// src/python-bridge/last-words.ts
var KEPT, LastWords;
var init_last_words = __esmMin((() => {
	KEPT = 8192;
	LastWords = class {
		#text = "";
		listenTo(stream) {
			stream.setEncoding("utf8");
			stream.on("data", (text) => {
				this.#text = (this.#text + text).slice(-KEPT);
			});
		}
		/** Empty where it printed nothing. */
		get text() {
			return this.#text.trim();
		}
		/** The last line, cut to what fits in a message. */
		get lastLine() {
			return (this.text.split("\n").at(-1) ?? "").trim().slice(0, 300);
		}
	};
}));
// src/python-bridge/pulse.ts
var Pulse;
var init_pulse = __esmMin((() => {
	Pulse = class {
		#silenceMs;
		#onSilence;
		#timer;
		#heard = false;
		#stopped = false;
		constructor(silenceMs, onSilence) {
			this.#silenceMs = silenceMs;
			this.#onSilence = onSilence;
			this.beat();
		}
		beat() {
			if (this.#stopped) return;
			this.#heard = true;
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.#late(), this.#silenceMs).unref();
		}
		get silenceMs() {
			return this.#silenceMs;
		}
		/** A sign of life, after which no longer silence is taken than this. */
		expectWithin(silenceMs) {
			this.#silenceMs = silenceMs;
			this.beat();
		}
		stop() {
			this.#stopped = true;
			clearTimeout(this.#timer);
		}
		/** Where this process itself was busy all the time, signs of life lie unread: they are read before anything is said. */
		#late() {
			this.#heard = false;
			setImmediate(() => {
				if (!this.#heard && !this.#stopped) this.#onSilence();
			});
		}
	};
}));
// src/python-bridge/python-worker.ts
/**
* A Python process that answers requests over JSON lines on descriptors of its own, and everything that can become of it:
* it crashes, is killed, hangs, or writes what is no message. Whatever happens, its open requests are answered.
*/
function environment(added) {
	const env = {
		...process.env,
		...added
	};
	const path = [PYTHON_FOLDER, env["PYTHONPATH"]].filter((one) => one !== void 0 && one !== "");
	return {
		...env,
		PYTHONPATH: path.join(delimiter)
	};
}
/** How the process ended, in words, once everything that it wrote is read; the error where it never began. */
function endOf$2(child) {
	return new Promise((resolve) => {
		child.once("error", resolve);
		child.once("exit", (code, signal) => {
			const words = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}${guess$1(signal)}`;
			const told = () => resolve(words);
			const late = setTimeout(told, DRAIN_MS);
			child.once("close", () => {
				clearTimeout(late);
				told();
			});
		});
	});
}
function guess$1(signal) {
	return signal === "SIGKILL" ? " (as the system does when memory runs out)" : "";
}
function noPython(python, cause) {
	return new AisBenchError("UTILS-DEPENDENCY-001", `Python cannot be started: ${cause.message}`, {
		where: python,
		cure: "install Python 3.10 or later, or name one with --python or the config’s python",
		cause
	});
}
function excerptOf(message) {
	return JSON.stringify(message).slice(0, 200);
}
var PYTHON_FOLDER, SILENCE_MS, LOADING_FACTOR, UNKILLABLE_MS, DRAIN_MS, PythonWorker;
var init_python_worker = __esmMin((() => {
	init_errors$1();
	init_errors();
	init_json_lines();
	init_last_words();
	init_pulse();
	PYTHON_FOLDER = fileURLToPath(new URL("../../python", "file:///work/main/src/python-bridge/python-worker.ts"));
	SILENCE_MS = 3e4;
	LOADING_FACTOR = 10;
	UNKILLABLE_MS = 5e3;
	DRAIN_MS = 500;
	PythonWorker = class {
		#child;
		#requests;
		#words = new LastWords();
		#pending = /* @__PURE__ */ new Map();
		#pulse;
		#silenceMs;
		/** Resolves with its death. */
		#ended;
		#markEnded = () => {};
		#death;
		/** Why it is being killed. */
		#verdict;
		#nextId = 1;
		/** Starts the process; what goes wrong with that is told by the first request. */
		constructor({ python, env, silenceMs = SILENCE_MS }) {
			this.#child = spawn(python, [
				"-u",
				"-m",
				"ais_bench_worker"
			], {
				env: environment(env),
				stdio: [
					"ignore",
					"pipe",
					"pipe",
					"pipe",
					"pipe"
				],
				detached: true
			});
			const [, stdout, stderr, requests, replies] = this.#child.stdio;
			this.#requests = requests;
			this.#silenceMs = silenceMs;
			this.#pulse = new Pulse(silenceMs * LOADING_FACTOR, () => this.#giveUp(`gave no sign of life for ${this.#pulse.silenceMs / 1e3} s`));
			for (const stream of [stdout, stderr]) this.#words.listenTo(stream);
			this.#requests.on("error", () => {});
			this.#hear(replies);
			this.#ended = new Promise((resolve) => {
				this.#markEnded = resolve;
			});
			this.#watch(python);
		}
		get pid() {
			return this.#child.pid;
		}
		/** Why no request is answered any more; undefined while it lives. */
		get death() {
			return this.#death;
		}
		/**
		* What the worker answers to `{op, …fields}`. Rejects with PythonError where Python raised, WorkerDied where the worker is
		* gone, UTILS-DEPENDENCY-001 where there is no such interpreter, and the signal's reason.
		*/
		request(op, fields, { signal, onEvent = () => {} } = {}) {
			if (this.#death !== void 0) return Promise.reject(this.#death);
			if (signal?.aborted) return Promise.reject(signal.reason);
			const id = this.#nextId++;
			const answer = new Promise((resolve, reject) => this.#pending.set(id, {
				resolve,
				reject,
				onEvent
			}));
			this.#write({
				id,
				op,
				...fields
			});
			const stop = () => {
				this.#settle(id)?.reject(signal?.reason);
				this.#write({
					op: "cancel",
					target: id
				});
			};
			signal?.addEventListener("abort", stop, { once: true });
			return answer.finally(() => signal?.removeEventListener("abort", stop));
		}
		/** Lets it free what it took, and kills it when that takes longer than `graceMs`. Never throws. */
		async close(graceMs = 5e3) {
			const kill = setTimeout(() => this.#giveUp(`was not closed after ${graceMs / 1e3} s`), graceMs);
			await this.request("close", {}).catch(() => {});
			await this.#ended;
			clearTimeout(kill);
		}
		/** Ends it and whatever it started, at once. */
		kill() {
			const { pid } = this.#child;
			try {
				if (pid !== void 0) process.kill(-pid, "SIGKILL");
			} catch {}
		}
		#write(message) {
			if (!this.#requests.destroyed) this.#requests.write(`${JSON.stringify(message)}\n`);
		}
		#hear(replies) {
			const lines = new JsonLines();
			replies.on("error", () => {});
			replies.on("data", (bytes) => {
				this.#pulse.beat();
				if (this.#verdict !== void 0) return;
				try {
					for (const message of lines.push(bytes)) this.#take(message);
				} catch (error) {
					this.#giveUp(`sent ${error.message}`);
				}
			});
		}
		#take(message) {
			if (message["event"] === "heartbeat") return;
			if (typeof message["id"] !== "number") throw new Error(`what is no reply: ${excerptOf(message)}`);
			if (message["event"] !== void 0) {
				this.#pending.get(message["id"])?.onEvent(message);
				return;
			}
			const pending = this.#settle(message["id"]);
			this.#pulse.expectWithin(this.#silenceMs);
			if (message["ok"] === true) pending?.resolve(message["result"]);
			else pending?.reject(new PythonError(message["error"]));
		}
		#settle(id) {
			const pending = this.#pending.get(id);
			this.#pending.delete(id);
			return pending;
		}
		/** Its death is told when it has come, with everything that was said until then. */
		#giveUp(verdict) {
			this.#verdict ??= verdict;
			this.kill();
			setTimeout(() => this.#die(), UNKILLABLE_MS).unref();
		}
		#die(how = "ended") {
			this.#pulse.stop();
			this.#markEnded();
			this.#death ??= typeof how === "string" ? new WorkerDied(this.#verdict ?? how, this.#words.text, this.#words.lastLine) : how;
			for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#death);
		}
		async #watch(python) {
			const how = await endOf$2(this.#child);
			this.kill();
			this.#die(how instanceof Error ? noPython(python, how) : how);
			for (const stream of this.#child.stdio) stream?.destroy();
		}
	};
}));
// src/models/local/python-engine.ts
function generatedTexts(reply) {
	const { texts, input_tokens, output_tokens, finish_reasons } = reply;
	return texts.map((text, index) => ({
		text,
		...field("inputTokens", input_tokens?.[index]),
		...field("outputTokens", output_tokens?.[index]),
		...field("finishReason", finish_reasons?.[index])
	}));
}
function field(name, value) {
	return value === void 0 || value === null ? {} : { [name]: value };
}
/** An import that failed, as something to do; undefined for any other error. */
function missingPackage(error, python) {
	if (!(error instanceof PythonError) || error.requirement === void 0) return void 0;
	return new AisBenchError("UTILS-DEPENDENCY-001", `a Python package is missing: ${error.message}`, {
		where: python,
		cure: `run: ${python} -m pip install ${shellWord(error.requirement)}`,
		cause: error
	});
}
function shellWord(text) {
	return /^[\w.,@/-]+$/.test(text) ? text : `'${text}'`;
}
var CLOSE_MS, PythonEngine;
var init_python_engine = __esmMin((() => {
	init_errors$1();
	init_errors();
	init_interpreter();
	init_python_worker();
	CLOSE_MS = 15e3;
	PythonEngine = class {
		#setting;
		#python;
		#worker;
		/** Workers that died one after the other, with no batch answered in between. */
		#deaths = 0;
		constructor(setting) {
			this.#setting = setting;
			this.#python = findPython(setting.python);
		}
		/** Starts a worker that loads the model. Throws UTILS-DEPENDENCY-001 where Python or a package is missing. */
		async load(signal) {
			const { engine, options, env } = this.#setting;
			const worker = new PythonWorker({
				python: this.#python,
				...env === void 0 ? {} : { env }
			});
			this.#worker = worker;
			try {
				await worker.request("load", {
					engine,
					options
				}, { signal });
			} catch (error) {
				worker.kill();
				throw missingPackage(error, this.#python) ?? error;
			}
		}
		/**
		* Answers a batch. Where the worker dies, the batch fails with its last words and the next one starts and loads it anew.
		* Throws MODEL-RUN-001, which ends the run, where that one dies before it has answered a batch, or cannot be loaded.
		*/
		async generate(inputs, maxOutLen, { signal, onTokens }) {
			const onEvent = (event) => {
				if (event["event"] !== "tokens" || onTokens === void 0) return;
				for (const [index, count] of event["counts"].entries()) if (count > 0) onTokens(index, count);
			};
			const fields = {
				inputs,
				max_out_len: maxOutLen
			};
			return generatedTexts(await this.#ask("generate", fields, {
				signal,
				onEvent
			}));
		}
		/** How well each text is expected. Throws as `generate` does, and PythonError where the engine cannot say. */
		async score(inputs, signal) {
			const { losses, tokens } = await this.#ask("score", { inputs }, { signal });
			return losses.map((loss, index) => ({
				loss,
				...field("tokens", tokens?.[index])
			}));
		}
		/** Of the worker that lives now; nothing where there is none. */
		async peakMemory() {
			if (this.#worker === void 0 || this.#worker.death !== void 0) return {};
			const { rss_bytes, device_bytes } = await this.#worker.request("memory", {});
			return {
				...field("rssBytes", rss_bytes),
				...field("deviceBytes", device_bytes)
			};
		}
		async close() {
			await this.#worker?.close(CLOSE_MS);
		}
		async #ask(op, fields, options) {
			const { signal } = options;
			if (this.#worker?.death !== void 0) await this.#loadAgain(signal);
			try {
				const reply = await this.#worker?.request(op, fields, options);
				this.#deaths = 0;
				return reply;
			} catch (error) {
				if (this.#worker?.death === void 0 || signal.aborted) throw error;
				this.#deaths += 1;
				throw this.#deaths < 2 ? error : this.#lost(error);
			}
		}
		async #loadAgain(signal) {
			try {
				await this.load(signal);
			} catch (error) {
				throw signal.aborted ? error : this.#lost(error);
			}
		}
		#lost(cause) {
			return new AisBenchError("MODEL-RUN-001", `the model died and was started again, in vain: ${messageOf$2(cause)}`, {
				where: this.#setting.engine,
				cure: "where memory ran out, lower batch_size or max_seq_len; what it said is in the failed records",
				cause
			});
		}
	};
}));
// src/models/local/worker-model.ts
var WorkerModel;
var init_worker_model = __esmMin((() => {
	init_base_model();
	init_python_engine();
	WorkerModel = class extends BaseModel {
		#engine;
		/** `engine` is `package.module:Class`, as the worker imports it; `engineOptions` are JSON. */
		constructor(options, engine, engineOptions, env) {
			super(options);
			this.#engine = new PythonEngine({
				engine,
				options: engineOptions,
				python: options.python,
				env
			});
		}
		load(signal) {
			return this.#engine.load(signal);
		}
		generate(inputs, maxOutLen, args) {
			return this.#engine.generate(inputs, maxOutLen, args);
		}
		getPpl(inputs, { signal }) {
			return this.#engine.score(inputs, signal);
		}
		peakMemory() {
			return this.#engine.peakMemory();
		}
		close() {
			return this.#engine.close();
		}
	};
}));
// src/models/local/huggingface.ts
var huggingface_exports = /* @__PURE__ */ __exportAll({
	HuggingFace: () => HuggingFace,
	HuggingFaceBaseModel: () => HuggingFaceBaseModel,
	HuggingFaceCausalLM: () => HuggingFaceCausalLM,
	HuggingFacewithChatTemplate: () => HuggingFacewithChatTemplate
});
var MODULE, HuggingFacewithChatTemplate, HuggingFaceBaseModel, HuggingFace, HuggingFaceCausalLM;
var init_huggingface = __esmMin((() => {
	init_python_options();
	init_worker_model();
	MODULE = "ais_bench_worker.engines.huggingface";
	HuggingFacewithChatTemplate = class extends WorkerModel {
		constructor(options) {
			super(options, `${MODULE}:ChatModel`, pythonOptions(options));
		}
	};
	HuggingFaceBaseModel = class extends WorkerModel {
		constructor(options) {
			super(options, `${MODULE}:TextModel`, pythonOptions(options));
		}
	};
	HuggingFace = class extends HuggingFaceBaseModel {};
	HuggingFaceCausalLM = class extends HuggingFaceBaseModel {};
}));
// src/models/local/huggingface-vl.ts
var huggingface_vl_exports = /* @__PURE__ */ __exportAll({
	HuggingFaceQwen2VLwithChatTemplate: () => HuggingFaceQwen2VLwithChatTemplate,
	HuggingFaceVL: () => HuggingFaceVL
});
var HuggingFaceVL, HuggingFaceQwen2VLwithChatTemplate;
var init_huggingface_vl = __esmMin((() => {
	init_python_options();
	init_worker_model();
	HuggingFaceVL = class extends WorkerModel {
		constructor(options) {
			super(options, "ais_bench_worker.engines.huggingface_vl:VisionModel", pythonOptions(options));
		}
	};
	HuggingFaceQwen2VLwithChatTemplate = class extends HuggingFaceVL {};
}));
// src/evaluate/code/fenced.ts
var fenced_exports = /* @__PURE__ */ __exportAll({
	codeBlock: () => codeBlock,
	fencedBlocks: () => fencedBlocks,
	humanevalPostprocess: () => humanevalPostprocess,
	pieceOf: () => pieceOf
});
/**
* Contents of the fenced code blocks of a Markdown text, in order. A block that is never closed goes on to the end, as in an
* answer that was cut; a fence on the line of other words counts for nothing.
*/
function fencedBlocks(text) {
	const blocks = [];
	let open;
	for (const { 0: line, 1: mark = "", index } of text.matchAll(FENCE$1)) if (open === void 0) open = {
		mark,
		start: Math.min(text.length, index + line.length + 1)
	};
	else if (mark.startsWith(open.mark) && line.trim() === mark) {
		blocks.push({
			start: open.start,
			end: Math.max(open.start, index)
		});
		open = void 0;
	}
	return open === void 0 ? blocks : [...blocks, {
		start: open.start,
		end: text.length
	}];
}
/** The block to run: the first that defines something, else the first that is not empty. */
function codeBlock(text) {
	const blocks = fencedBlocks(text).filter(({ start, end }) => text.slice(start, end).trim() !== "");
	return blocks.find(({ start, end }) => /^[ \t]*(?:async[ \t]+)?(?:def|class)\s/m.test(text.slice(start, end))) ?? blocks[0];
}
/** An extraction of this part of a text. */
function pieceOf(text, { start, end }, rule) {
	return {
		answer: text.slice(start, end),
		rule,
		span: [start, end]
	};
}
var FENCE$1, wholeText$2, COMPAT_BLOCK, extractCompat$3, extractFixed$3, humanevalPostprocess;
var init_fenced = __esmMin((() => {
	FENCE$1 = /^[ \t]*(`{3,}|~{3,})[^`\n]*$/gm;
	wholeText$2 = (text) => text.trim() === "" ? void 0 : pieceOf(text, {
		start: 0,
		end: text.length
	}, "whole-text");
	COMPAT_BLOCK = /```[\p{L}\p{N}\p{M}_]*\n(.*?)```/su;
	extractCompat$3 = (text) => {
		const found = COMPAT_BLOCK.exec(text);
		if (found === null) return wholeText$2(text);
		const content = found[1] ?? "";
		const end = found.index + found[0].length - 3;
		return pieceOf(text, {
			start: end - content.length,
			end
		}, "code-block");
	};
	extractFixed$3 = (text) => {
		const block = codeBlock(text);
		return block === void 0 ? wholeText$2(text) : pieceOf(text, block, "code-block");
	};
	humanevalPostprocess = {
		name: "humaneval_postprocess",
		compat: extractCompat$3,
		fixed: extractFixed$3,
		none: ""
	};
}));
// src/dataset/read.ts
async function readJsonl(file, toRow) {
	return parseJsonl(await readText$3(file), file, toRow);
}
/**
* The text of a UTF-8 file, a byte order mark left out; one named `.gz` is unpacked. Throws DSET-FILE-001, and DSET-DATA-002 for
* other bytes.
*/
async function readText$3(file) {
	const bytes = await readBytes(file);
	return decodeUtf8(file.endsWith(".gz") ? unpacked(bytes, file) : bytes, file);
}
function unpacked(bytes, file) {
	try {
		return gunzipSync(bytes);
	} catch (cause) {
		throw badRow(file, `the file is not what gzip writes (${messageOf$2(cause)})`, cause);
	}
}
/** Reads a file that is one JSON value. Throws DSET-FILE-001, DSET-DATA-002. */
async function readJson(file) {
	const text = await readText$3(file);
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw badRow(file, `the file is not JSON (${messageOf$2(cause)})`, cause);
	}
}
/**
* The rows of a JSON Lines text: one object a line, lines end with LF or CRLF, blank lines are left out.
* Throws DSET-DATA-002 that names the line.
*/
function parseJsonl(text, file, toRow = (row) => row) {
	const rows = [];
	for (const [index, line] of text.split("\n").entries()) {
		if (line.trim() === "") continue;
		const where = `${file}:${index + 1}`;
		rows.push(toRow(parseObject(line, where), where));
	}
	return rows;
}
/** DSET-DATA-002 for the row at `where`. */
function badRow(where, what, cause) {
	return new AisBenchError("DSET-DATA-002", `malformed dataset row: ${what}`, {
		where,
		cure: "repair that line, or fetch the file again",
		cause
	});
}
async function readBytes(file) {
	try {
		return await readFile(file);
	} catch (cause) {
		throw new AisBenchError("DSET-FILE-001", `the dataset file cannot be read: ${messageOf$2(cause)}`, {
			where: file,
			cure: "check that the file is there and that you may read it",
			cause
		});
	}
}
/** Refuses what is not UTF-8, where Node's decoder would put replacement characters into a question. */
function decodeUtf8(bytes, file) {
	if (isUtf8(bytes)) return bytes.toString("utf8").replace(/^\ufeff/, "");
	throw badRow(`${file}:${bytes.toString("latin1").split("\n").findIndex((text) => !isUtf8(Buffer.from(text, "latin1"))) + 1}`, "its bytes are not UTF-8");
}
function parseObject(line, where) {
	let value;
	try {
		value = JSON.parse(line);
	} catch (cause) {
		throw badRow(where, `the line is not JSON (${messageOf$2(cause)})`, cause);
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw badRow(where, "the line is JSON but not an object");
	return value;
}
/** Size of a file in bytes; undefined where there is none. */
async function bytesOf(file) {
	const found = await stat(file).catch(() => void 0);
	return found?.isFile() ? found.size : void 0;
}
var init_read$1 = __esmMin((() => {
	init_errors$1();
}));
/**
* The folder of a dataset. An absolute path is taken as it is; a relative one is looked for under each root, in full
* and then by its last part, so that `<root>/gsm8k/` serves `ais_bench/datasets/gsm8k`.
* Throws DSET-FILE-001 naming the missing file, every place looked at and the source.
*/
async function locateFolder({ path, roots }, wanted) {
	const places = pathsOf(path, wanted.usual).flatMap((one) => candidateFolders(one, roots));
	const missing = [];
	for (const place of new Set(places)) {
		const lacks = await firstMissing(place, wanted.files);
		if (lacks === void 0) return place;
		missing.push(join(place, lacks));
	}
	throw notFound$1(path, missing, wanted);
}
/**
* The file of a dataset whose `path` is the file itself, or the folder that holds it. Looks where `locateFolder` looks.
* Throws DSET-FILE-001.
*/
async function locateFile$1({ path, roots }, { file, extension, source }) {
	if (!path.endsWith(extension)) return join(await locateFolder({
		path,
		roots
	}, {
		files: [file],
		source
	}), file);
	const places = candidateFolders(path, roots);
	for (const place of places) if (await fileExists(place)) return place;
	throw notFound$1(path, places, {
		files: [basename(path)],
		source
	});
}
/** Places of a dataset path, in the order in which they are looked at. */
function candidateFolders(path, roots) {
	if (isAbsolute(path)) return [path];
	const name = path.split(/[\\/]/).findLast((part) => part !== "" && part !== ".") ?? "";
	const below = path.startsWith(GUIDE_FOLDER) ? path.slice(GUIDE_FOLDER.length) : path;
	return [...new Set(roots.flatMap((root) => [
		path,
		below,
		name
	].map((one) => resolve(root, one))))];
}
/** Names of the files in a folder that end so, sorted; none where there is no such folder. */
async function filesIn(folder, extension) {
	return (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(extension)).sort();
}
function pathsOf(path, usual = []) {
	const given = path.replace(/\/+$/, "");
	if (given === "") return usual.length === 0 ? [path] : usual;
	return usual.includes(given) ? [given, ...usual.filter((one) => one !== given)] : [path];
}
/** Whether there is something at this path that can be opened. */
async function fileExists(path) {
	return access(path).then(() => true, () => false);
}
async function firstMissing(folder, files) {
	for (const file of files) if (!await fileExists(join(folder, file))) return file;
}
function notFound$1(path, missing, { files, source }) {
	const name = files.join(" and ");
	return new AisBenchError("DSET-FILE-001", `the dataset '${path}' is not there: no ${name} found`, {
		where: `looked for ${missing.join(", ")}`,
		cure: isAbsolute(path) ? `put ${name} from ${source} there, or correct the dataset config's path` : `get ${name} from ${source} and set ${DATASETS_VARIABLE} to the folder that holds its folder`
	});
}
var DATASETS_VARIABLE, GUIDE_FOLDER;
var init_locate = __esmMin((() => {
	init_errors$1();
	DATASETS_VARIABLE = "AIS_BENCH_DATASETS_CACHE";
	GUIDE_FOLDER = "ais_bench/datasets/";
}));
// src/dataset/builtin/code-files.ts
/**
* The file of a dataset that is one: `path` is its folder, or the file; `names` are what it is called where the folder is
* given, or where the named file is not there. Throws DSET-FILE-001 as `locateFolder` does, for the first of the names.
*/
async function locateOneOf({ path, roots }, { names, source }) {
	const isFile = ENDINGS.test(path);
	const folder = isFile ? dirname(path) : path;
	let missing;
	for (const file of isFile ? [basename(path), ...names] : names) try {
		return join(await locateFolder({
			path: folder,
			roots
		}, {
			files: [file],
			source
		}), file);
	} catch (error) {
		if (!(error instanceof AisBenchError)) throw error;
		missing ??= error;
	}
	throw missing;
}
var ENDINGS;
var init_code_files = __esmMin((() => {
	init_errors$1();
	init_locate();
	ENDINGS = /\.(?:jsonl|json)(?:\.gz)?$/;
}));
// src/dataset/builtin/mbpp.ts
var mbpp_exports$1 = /* @__PURE__ */ __exportAll({
	MBPPDataset: () => MBPPDataset,
	MBPPDatasetV2: () => MBPPDatasetV2,
	SanitizedMBPPDataset: () => SanitizedMBPPDataset,
	toMbppRow: () => toMbppRow
});
function mbpp$1(name, { names, train, end }) {
	return {
		name,
		reference: ({ test_list: tests, setup }) => ({
			tests,
			setup
		}),
		async load({ path, roots }) {
			const rows = await readRows$2(await locateOneOf({
				path: path === "" ? DEFAULT_PATH$10 : path,
				roots
			}, {
				names,
				source: SOURCE$22
			}));
			return {
				train: rows.slice(0, train),
				test: rows.slice(train, end)
			};
		}
	};
}
/** Lines, or one list. */
async function readRows$2(file) {
	if (!file.endsWith(".json")) return parseJsonl(await readText$3(file), file, toMbppRow);
	const list = await readJson(file);
	if (!Array.isArray(list)) throw badRow(file, "the file is JSON but not a list");
	return list.map((row, index) => {
		const where = `${file}, row ${index + 1}`;
		if (typeof row !== "object" || row === null) throw badRow(where, "it is not an object");
		return toMbppRow(row, where);
	});
}
/**
* Checks the columns; `text` is the task under either name, `worked` the code as an example shows it, `test_list` the asserts a
* line each as AISBench shows them, `test_case` the list, `setup` what runs before them. Throws DSET-DATA-002 naming `where`.
*/
function toMbppRow(row, where) {
	const { text = row["prompt"], code, test_list: tests } = row;
	if (typeof text !== "string") throw badRow(where, "it has no text in column 'text'");
	if (typeof code !== "string") throw badRow(where, "it has no text in column 'code'");
	if (!isTexts$1(tests) || tests.length === 0) throw badRow(where, "its column 'test_list' is no list of texts");
	const imports = isTexts$1(row["test_imports"]) ? row["test_imports"] : [];
	const own = typeof row["test_setup_code"] === "string" ? row["test_setup_code"] : "";
	const setup = [...imports, ...own.trim() === "" ? [] : [own]].join("\n");
	const joined = tests.join("\n");
	return {
		...row,
		text,
		code,
		worked: worked(code),
		setup,
		test_case: tests,
		test_list: joined,
		test_list_2: joined,
		test_column: joined
	};
}
/** The file's code has line ends of Windows and blanks behind its lines. */
function worked(code) {
	return code.replace(/[ \t]*\r?\n/g, "\n").trim();
}
function isTexts$1(value) {
	return Array.isArray(value) && value.every((one) => typeof one === "string");
}
var SOURCE$22, DEFAULT_PATH$10, FULL, SANITIZED, MBPPDataset, MBPPDatasetV2, SanitizedMBPPDataset;
var init_mbpp$1 = __esmMin((() => {
	init_read$1();
	init_code_files();
	SOURCE$22 = "github.com/google-research/google-research (folder mbpp, CC BY 4.0)";
	DEFAULT_PATH$10 = "ais_bench/datasets/mbpp";
	FULL = {
		names: ["mbpp.jsonl", "mbpp.jsonl.gz"],
		train: 10,
		end: 510
	};
	SANITIZED = {
		names: ["sanitized-mbpp.jsonl", "sanitized-mbpp.json"],
		train: 7,
		end: 264
	};
	MBPPDataset = mbpp$1("MBPPDataset", FULL);
	MBPPDatasetV2 = mbpp$1("MBPPDatasetV2", FULL);
	SanitizedMBPPDataset = mbpp$1("SanitizedMBPPDataset", SANITIZED);
}));
// src/evaluate/code/mbpp-answer.ts
var mbpp_answer_exports = /* @__PURE__ */ __exportAll({ mbppPostprocess: () => mbppPostprocess });
/** Both openings for each closing. */
function opened(quote, closings) {
	return closings.flatMap((closing) => [BRACKETED_BEGIN, "BEGIN"].map((begin) => ({
		opening: before$1(begin, quote),
		closing
	})));
}
function find(text, { opening, closing }) {
	const begun = opening?.exec(text);
	if (begun === null) return void 0;
	const start = begun === void 0 ? 0 : begun.index + begun[0].length;
	if (closing === void 0) return [start, text.length];
	const end = lastMatch(text, closing);
	return end === void 0 || end < start ? void 0 : [start, end];
}
function lastMatch(text, pattern) {
	let last;
	if (typeof pattern === "string") {
		const index = text.lastIndexOf(pattern);
		return index < 0 ? void 0 : index;
	}
	for (const { index } of text.matchAll(pattern)) last = index;
	return last;
}
/** Where an answer ends that goes on to a fence, or to a `[DONE]` with or without its brackets. */
function endOf$1(text, start, end) {
	const fence = text.indexOf(FENCE, start);
	const stop = fence < 0 || fence + FENCE.length > end ? end : fence;
	const done = text.indexOf("DONE", start);
	if (done < 0 || done + 4 > stop) return stop;
	let cut = done;
	if (cut > start && text[cut - 1] === "[") cut--;
	while (cut > start && IS_SPACE$1.test(text[cut - 1])) cut--;
	return cut > start && text[cut - 1] === "'" ? cut - 1 : cut;
}
function trimmed$1(text, [from, to], rule) {
	let [start, end] = [from, endOf$1(text, from, to)];
	while (start < end && IS_SPACE$1.test(text[start])) start++;
	while (start < end && IS_SPACE$1.test(text[end - 1])) end--;
	if (start === end) return void 0;
	return {
		answer: text.slice(start, end).replaceAll("\\_", "_"),
		rule,
		span: [start, end]
	};
}
/** Between `[BEGIN]` and `[DONE]`, either of which may be missing, and without the quotes of worked examples. */
function markedPiece(text) {
	const begin = text.indexOf("[BEGIN]");
	let start = begin < 0 ? 0 : begin + 7;
	const done = text.indexOf("[DONE]", start);
	let end = done < 0 ? text.length : done;
	const quote = /^\s*'(?!'')/.exec(text.slice(start, end));
	if (begin >= 0 && quote !== null) start += quote[0].length;
	const closing = /'\s*$/.exec(text.slice(start, end).slice(-200));
	if (done >= 0 && (begin < 0 || quote !== null) && closing !== null) end -= closing[0].length;
	return {
		start,
		end,
		rule: begin < 0 && done < 0 ? "whole-text" : "begin-done"
	};
}
var SPACE$3, before$1, afterQuote, FENCE, BRACKETED_BEGIN, BRACKETED_DONE, FORMS, IS_SPACE$1, extractCompat$2, extractFixed$2, mbppPostprocess;
var init_mbpp_answer = __esmMin((() => {
	init_fenced();
	SPACE$3 = String.raw`(?:(?!\ufeff)[\s\x1c-\x1f\x85])`;
	before$1 = (mark, quote = "") => new RegExp(`${mark}${SPACE$3}*${quote}`);
	afterQuote = (mark) => new RegExp(`'${SPACE$3}*${mark}`, "g");
	FENCE = "```";
	BRACKETED_BEGIN = String.raw`\[BEGIN\]`;
	BRACKETED_DONE = String.raw`\[DONE\]`;
	FORMS = [
		...opened("'", [afterQuote(BRACKETED_DONE), afterQuote("DONE")]),
		...opened("'", ["[DONE]", "DONE"]),
		...opened("", ["[DONE]", "DONE"]),
		{
			opening: before$1("```python"),
			closing: FENCE
		},
		{
			opening: before$1(FENCE),
			closing: FENCE
		},
		{ opening: before$1("```python") },
		{ opening: before$1(FENCE) },
		{ closing: FENCE },
		{ opening: before$1(BRACKETED_BEGIN, "'") },
		{ opening: /\[BEGIN\]/ },
		{
			opening: /'/,
			closing: afterQuote(BRACKETED_DONE)
		}
	];
	IS_SPACE$1 = new RegExp(`^${SPACE$3}$`);
	extractCompat$2 = (text) => {
		for (const [rung, form] of FORMS.entries()) {
			const found = find(text, form);
			if (found !== void 0) return trimmed$1(text, found, `pattern-${rung + 1}`);
		}
		return trimmed$1(text, [0, text.length], "whole-text");
	};
	extractFixed$2 = (text) => {
		const marked = markedPiece(text);
		const block = codeBlock(text.slice(marked.start, marked.end));
		if (block !== void 0) return pieceOf(text, {
			start: block.start + marked.start,
			end: block.end + marked.start
		}, "code-block");
		return text.slice(marked.start, marked.end).trim() === "" ? void 0 : pieceOf(text, marked, marked.rule);
	};
	mbppPostprocess = {
		name: "mbpp_postprocess",
		compat: extractCompat$2,
		fixed: extractFixed$2,
		none: ""
	};
}));
// src/evaluate/code/reference.ts
/**
* What a dataset class kept of a row for scoring, whose `keys` are all texts. Throws RUN-DATA-001 where they are not there:
* the answers are those of another dataset class.
*/
function readReference(gold, keys, dataset) {
	const fields = typeof gold === "object" && gold !== null ? gold : {};
	const missing = keys.find((key) => typeof fields[key] !== "string");
	if (missing === void 0) return fields;
	throw new AisBenchError("RUN-DATA-001", `the reference of an answer has no text '${missing}'`, { cure: `score answers to ${dataset}, whose rows carry their tests, or choose the asked dataset's evaluator` });
}
var init_reference = __esmMin((() => {
	init_errors$1();
}));
// src/sandbox/capped.ts
/** The first `most` bytes of a stream as text, once it has ended; the rest is read and dropped, so that nobody waits. */
async function cappedText(stream, most) {
	const kept = [];
	let room = most;
	for await (const chunk of stream) {
		if (room === 0) continue;
		const part = chunk.subarray(0, room);
		kept.push(Buffer.from(part));
		room -= part.length;
	}
	return Buffer.concat(kept).toString("utf8");
}
var init_capped = __esmMin((() => {}));
// src/sandbox/launch.ts
/** One program, one process of Python's that contains it: `python/ais_bench_sandbox/launch.py` says what goes between. */
/** Rejects with the system's error where there is no such interpreter. */
async function launch(python, job) {
	const { PATH = "" } = process.env;
	const child = spawn(python, [
		"-I",
		"-B",
		LAUNCHER
	], {
		env: {
			PATH,
			LANG: "C.UTF-8"
		},
		stdio: [
			"pipe",
			"pipe",
			"pipe",
			"pipe",
			"pipe"
		],
		detached: true
	});
	const [stdin, stdout, stderr, status, report] = child.stdio;
	stdin.on("error", () => {});
	const failed = failureOf(child);
	const backstop = setTimeout(() => child.kill("SIGKILL"), job.seconds * 1e3 + SPARE_MS);
	try {
		stdin.write(`${JSON.stringify(job)}\n`);
		const texts = Promise.all([
			cappedText(stdout, MOST_PRINTED),
			cappedText(stderr, MOST_PRINTED),
			cappedText(status, MOST_TOLD),
			cappedText(report, MOST_TOLD)
		]);
		const [out, err, told, reported] = await Promise.race([texts, failed]);
		return {
			answer: answerIn$1(told),
			stdout: out,
			stderr: err,
			report: reported
		};
	} finally {
		clearTimeout(backstop);
		stdin.destroy();
	}
}
async function failureOf(child) {
	const [error] = await once(child, "error");
	throw error;
}
function answerIn$1(told) {
	try {
		return JSON.parse(told);
	} catch {
		return {};
	}
}
var LAUNCHER, MOST_PRINTED, MOST_TOLD, SPARE_MS;
var init_launch = __esmMin((() => {
	init_capped();
	LAUNCHER = fileURLToPath(new URL("../../python/ais_bench_sandbox/launch.py", "file:///work/main/src/sandbox/launch.ts"));
	MOST_PRINTED = 65536;
	MOST_TOLD = 8192;
	SPARE_MS = 15e4;
}));
// src/sandbox/open-sandbox.ts
/**
* A place where Python programs of unknown intent are run: what they may read, write, take and reach is listed in
* `docs/scoring-code.md`, and so is what is not contained.
*/
/**
* Tries the kinds of containment in their order, and keeps to the first that can be had. Throws EVAL-SANDBOX-001 where there
* is none, and UTILS-DEPENDENCY-001 without Python.
*/
async function openSandbox({ python, accept = CONTAINED } = {}) {
	const interpreter = await interpreterOf(python ?? defaultPython());
	const { level, outcome } = await contained(interpreter, {
		program: "",
		seconds: 60,
		memoryMb: MEMORY_MB,
		levels: accept
	});
	if (level === void 0 || outcome !== "exited") throw refusal$1([`a trial ended with ${outcome}`]);
	return {
		containment: level,
		run: (program) => run(interpreter, level, program)
	};
}
async function run(python, level, { program, tests, timeoutMs, memoryMb = MEMORY_MB }) {
	const nonce = randomBytes(32).toString("hex");
	const limits = {
		seconds: timeoutMs / 1e3,
		memoryMb,
		levels: [level]
	};
	const judged = tests === void 0 ? {} : {
		tests,
		nonce
	};
	const { outcome, exitCode, signal, why, ...texts } = await contained(python, {
		...limits,
		...judged,
		program
	});
	const reason = why ?? signal;
	const passed = tests !== void 0 && outcome === "exited" && texts.report === nonce;
	return {
		outcome,
		exitCode,
		stdout: texts.stdout,
		stderr: texts.stderr,
		passed,
		...passed ? {} : failureIn(texts.report),
		...reason === void 0 ? {} : { why: reason }
	};
}
async function contained(python, job) {
	const { answer, ...texts } = await launch(python, job);
	const { outcome, refused, ...rest } = answer;
	if (outcome === void 0) throw refusal$1(refused ?? [lastLine(texts.stderr) || "it gave no answer"]);
	return {
		...rest,
		...texts,
		outcome
	};
}
/** What the program's process says of the exception that ended it. */
function failureIn(report) {
	try {
		const { type, message } = JSON.parse(report);
		if (typeof type !== "string" || typeof message !== "string") return {};
		return { failure: {
			type,
			message
		} };
	} catch {
		return {};
	}
}
/** The interpreter itself: what the search path finds may be a script that looks for it, at every start. */
async function interpreterOf(python) {
	const ask = "import sys; assert sys.version_info >= (3, 10), sys.version; print(sys.executable)";
	try {
		const { stdout } = await promisify(execFile)(python, [
			"-I",
			"-c",
			ask
		]);
		return stdout.trim();
	} catch (cause) {
		throw new AisBenchError("UTILS-DEPENDENCY-001", "no Python to run answers with", {
			where: `${python}: ${messageOf$2(cause)}`,
			cure: "install Python 3.10 or later as python3, or activate an environment that has it",
			cause
		});
	}
}
function defaultPython() {
	const environment = process.env["VIRTUAL_ENV"];
	return environment === void 0 || environment === "" ? "python3" : join(environment, "bin", "python");
}
function refusal$1(reasons) {
	return new AisBenchError("EVAL-SANDBOX-001", "code of answers cannot be contained here, so it is not run", {
		where: reasons.join("; "),
		cure: "allow user namespaces, or run as root with a Python that every user may read; evaluator key isolation: 'none' runs answers with limits alone"
	});
}
function lastLine(text) {
	return text.trim().split("\n").at(-1) ?? "";
}
var MEMORY_MB, CONTAINED;
var init_open_sandbox = __esmMin((() => {
	init_errors$1();
	init_launch();
	MEMORY_MB = 1024;
	CONTAINED = ["namespaces", "user"];
}));
// src/evaluate/code/run-options.ts
/**
* Reads the keys `timeout` and `isolation`, and passes over `ignored` ones. Throws UTILS-CFG-002 for a bad value and for any
* other key.
*/
function readRunOptions(options, { timeout: usual, ignored }) {
	const { timeout = usual, isolation = "contained", ...rest } = options;
	const unknown = Object.keys(rest).find((key) => !ignored.includes(key));
	if (unknown !== void 0) throw badKey$1(unknown, "is not a key of it", "use timeout or isolation");
	if (typeof timeout !== "number" || !(timeout > 0 && timeout <= LONGEST_S)) {
		const cure = `give seconds, more than 0 and at most ${LONGEST_S}`;
		throw badKey$1("timeout", `is ${JSON.stringify(timeout)}`, cure);
	}
	if (typeof isolation !== "string" || !ISOLATIONS.includes(isolation)) throw badKey$1("isolation", `is ${JSON.stringify(isolation)}`, "leave it out, or insist with 'none'");
	return {
		timeout,
		isolation
	};
}
function badKey$1(key, what, cure) {
	return new AisBenchError("UTILS-CFG-002", `eval_cfg.evaluator.${key} ${what}`, { cure });
}
/** Throws EVAL-SANDBOX-001 and UTILS-DEPENDENCY-001 at the first program. */
function codeRunner({ isolation }) {
	let sandbox;
	const remembered = /* @__PURE__ */ new Map();
	return (program) => {
		const key = JSON.stringify(program);
		const known = remembered.get(key);
		if (known !== void 0) return known;
		sandbox ??= openSandbox(isolation === "none" ? { accept: [
			"namespaces",
			"user",
			"none"
		] } : {});
		const running = sandbox.then((open) => open.run(program));
		remembered.set(key, running);
		const [oldest] = remembered.keys();
		if (remembered.size > REMEMBERED && oldest !== void 0) remembered.delete(oldest);
		return running;
	};
}
function outcomeOf$1({ passed, outcome, failure }) {
	if (passed) return "pass";
	if (outcome === "timeout") return "timeout";
	return failure?.type === "AssertionError" ? "wrong_answer" : "failed";
}
/** The outcome and what is known of its reason, for a person. */
function explain$1(ran, { timeout }) {
	const outcome = outcomeOf$1(ran);
	if (outcome === "pass") return outcome;
	if (outcome === "timeout") return `${outcome}: it ran longer than ${timeout} s`;
	const { failure, why, exitCode } = ran;
	if (failure !== void 0) return `${outcome}: ${failure.type}${failure.message && `: ${failure.message}`}`;
	if (why !== void 0) return `${outcome}: killed (${why})`;
	return `${outcome}: it ended with exit code ${exitCode} before its last test`;
}
var ISOLATIONS, LONGEST_S, CONCURRENCY, REMEMBERED;
var init_run_options = __esmMin((() => {
	init_errors$1();
	init_open_sandbox();
	ISOLATIONS = ["contained", "none"];
	LONGEST_S = 3600;
	CONCURRENCY = Math.min(4, availableParallelism());
	REMEMBERED = 64;
}));
// src/evaluate/evaluators/mbpp.ts
var mbpp_exports = /* @__PURE__ */ __exportAll({
	mbppEvaluator: () => mbppEvaluator,
	mbppPassKEvaluator: () => mbppPassKEvaluator
});
/** Keys: `timeout` in seconds, `isolation`; AISBench's `k` and its metric `MBPP` say nothing else and are passed over. */
function mbpp(name, metric) {
	return (options) => {
		const settings = readRunOptions(options, {
			timeout: TIMEOUT_S$1,
			ignored: ["k", "metric"]
		});
		const run = codeRunner(settings);
		return {
			name,
			metric,
			concurrency: CONCURRENCY,
			async grade({ answer, gold, rules }) {
				const program = mbppPostprocess[rules](answer)?.answer;
				if (program === void 0) return {
					credit: 0,
					explanation: "failed: there is no code"
				};
				const { tests, setup } = readReference(gold, ["tests", "setup"], "MBPPDataset");
				const ran = await run({
					program,
					tests: rules === "compat" || setup === "" ? tests : `${setup}\n${tests}`,
					timeoutMs: settings.timeout * 1e3
				});
				return {
					credit: ran.passed ? 1 : 0,
					explanation: explain$1(ran, settings)
				};
			}
		};
	};
}
var TIMEOUT_S$1, mbppEvaluator, mbppPassKEvaluator;
var init_mbpp = __esmMin((() => {
	init_mbpp_answer();
	init_reference();
	init_run_options();
	TIMEOUT_S$1 = 10;
	mbppEvaluator = mbpp("MBPPEvaluator", "score");
	mbppPassKEvaluator = mbpp("MBPPPassKEvaluator", "pass@1");
}));
// src/evaluate/numbers.ts
/** Every number of a text as people and LaTeX write them, in order. */
function findNumbers(text) {
	return [...text.matchAll(new RegExp(NUMBER$1, "gu"))].map(({ 0: match, index }) => toFound(match, index));
}
/** The number that begins exactly at a position. */
function numberAt(text, position) {
	const pattern = new RegExp(NUMBER$1, "uy");
	pattern.lastIndex = position;
	const match = pattern.exec(text);
	return match === null ? void 0 : toFound(match[0], position);
}
function toFound(match, start) {
	return {
		value: plainNumber(match),
		start,
		end: start + match.length
	};
}
function plainNumber(match) {
	const sign = /^[-−]/.test(match) ? "-" : "";
	const [numerator, denominator] = match.includes("frac") ? match.match(/\p{Nd}+/gu) : [];
	if (denominator !== void 0) return `${sign}${asciiDigits(`${numerator}/${denominator}`)}`;
	return sign + asciiDigits(match.replace(/[^\p{Nd}./]/gu, ""));
}
var SEPARATOR$1, CURRENCY, DIGIT, SIGN$1, GROUPED$1, WHOLE$1, PLAIN$2, LATEX_FRACTION, NO_SCRIPT, NUMBER$1;
var init_numbers$1 = __esmMin((() => {
	init_python_number();
	SEPARATOR$1 = String.raw`(?:,\\!|\{,\}|\\,|[,，\u00a0\u202f])`;
	CURRENCY = String.raw`(?:\\?[$€£¥￥₹]\s?)`;
	DIGIT = String.raw`\p{Nd}`;
	SIGN$1 = String.raw`(?:(?<![\p{L}${DIGIT})\]}%])[-−]${CURRENCY}?)?`;
	GROUPED$1 = `${DIGIT}{1,3}(?:${SEPARATOR$1}${DIGIT}{3})+(?!${DIGIT})`;
	WHOLE$1 = `(?:${GROUPED$1}|${DIGIT}+)(?:\\.${DIGIT}+)?`;
	PLAIN$2 = `${WHOLE$1}(?:/${DIGIT}+(?!\\.?${DIGIT}))?|(?<![\\p{L}${DIGIT}.])\\.${DIGIT}+`;
	LATEX_FRACTION = String.raw`\\[dt]?frac\s*\{\s*${DIGIT}+\s*\}\s*\{\s*${DIGIT}+\s*\}`;
	NO_SCRIPT = String.raw`(?<!${DIGIT}|\^|\^\{|\p{L}_|\p{L}_\{)`;
	NUMBER$1 = `${NO_SCRIPT}${SIGN$1}(?:${LATEX_FRACTION}|${PLAIN$2})`;
}));
// src/evaluate/math/boxed.ts
/**
* The last `\boxed`, else the last `\fbox`, as OpenCompass finds it: up to the brace that closes the first, escapes not minded;
* nothing where anything stands between the word and its brace, or in an `\fbox`, or where no brace closes it.
*/
function lastBoxCompat(text) {
	const boxed = text.lastIndexOf("\\boxed");
	const start = boxed === -1 ? text.lastIndexOf("\\fbox") : boxed;
	if (start === -1) return void 0;
	let depth = 0;
	for (let i = start; i < text.length; i++) {
		if (text[i] === "{") depth++;
		if (text[i] !== "}" || --depth !== 0) continue;
		const inside = start + 7;
		if (!text.startsWith("\\boxed{", start)) return void 0;
		return {
			content: text.slice(inside, i),
			start: inside,
			end: i
		};
	}
}
/** Every closed box of a text that is in no other, in order. */
function boxesOf(text) {
	const open = [];
	const boxes = [];
	for (let i = 0; i < text.length; i++) if (text[i] === "\\") {
		BOX$1.lastIndex = i;
		const box = BOX$1.exec(text);
		i += box === null ? 1 : box[0].length - 1;
		if (box !== null) open.push({
			start: i + 1,
			isBox: true
		});
	} else if (text[i] === "{") open.push({
		start: i + 1,
		isBox: false
	});
	else if (text[i] === "}") {
		const last = open.pop();
		if (last?.isBox !== true) continue;
		while ((boxes.at(-1)?.start ?? 0) > last.start) boxes.pop();
		boxes.push({
			content: text.slice(last.start, i),
			start: last.start,
			end: i
		});
	}
	return boxes;
}
/** Every formula between dollar signs or `\(…\)`, `\[…\]`, in order; `$5 and $6` is money. */
function formulasOf(text) {
	return [...text.matchAll(MATH)].map(({ 0: all, 1: display, 2: inline, 3: round, 4: square, index }) => {
		const content = display ?? inline ?? round ?? square ?? "";
		const start = index + (all.length - content.length) / 2;
		return {
			content,
			start,
			end: start + content.length
		};
	});
}
var BOX$1, MATH;
var init_boxed = __esmMin((() => {
	BOX$1 = /\\(?:boxed|fbox|framebox)\s*\{/y;
	MATH = /\$\$([^$]{1,1000})\$\$|(?<![\\$])\$(?![\s$])([^$\n]{1,600})(?<![\s\\])\$(?!\d)|\\\(([\s\S]{1,600}?)\\\)|\\\[([\s\S]{1,1000}?)\\\]/g;
}));
// src/evaluate/math/clean.ts
/** The answer without formatting, spacing, currency, and the units at its end; what is left is read by `read-answer.ts`. */
function cleanAnswer(text) {
	let clean = text.replace(/√\s*(\d+)/g, "\\sqrt{$1}").replace(CHARACTER, (character) => CHARACTERS[character] ?? character).replace(POWER, (power) => `^{${[...power].map((digit) => PLAIN_POWERS[POWERS.indexOf(digit)]).join("")}}`);
	for (const [pattern, replacement] of REPLACEMENTS) clean = clean.replace(pattern, replacement);
	clean = trimEnds(clean);
	return trimEnds(clean.replace(UNIT_AT_END, "").replace(WORDS_AT_END, ""));
}
function trimEnds(text) {
	let [start, end] = [0, text.length];
	while (start < end && " =:*\"".includes(text[start])) start++;
	while (end > start && " .,;:*\"".includes(text[end - 1])) end--;
	return text.slice(start, end).replace(/(?<!\\)\\\\$/, "");
}
/** An answer that is no formula, to compare as text: without the spaces that part no two words or numbers. */
function bareText(text) {
	return cleanAnswer(text).replace(/(?<![\p{L}\p{N}]) | (?![\p{L}\p{N}])/gu, "");
}
/** The words of a text answer, to compare: lower case, without commands, brackets and punctuation around. */
function bareWords(text) {
	return cleanAnswer(text).replace(WRAPPED, "").replace(/[{}]/g, " ").replace(/\s+/g, " ").replace(/^[ ([]+|[ )\].!]+$/g, "").toLowerCase();
}
var CHARACTERS, CHARACTER, POWERS, PLAIN_POWERS, POWER, REPLACEMENTS, UNIT$1, UNIT_AT_END, WORDS_AT_END, WRAPPED;
var init_clean = __esmMin((() => {
	CHARACTERS = {
		"−": "-",
		"–": "-",
		"﹣": "-",
		"－": "-",
		"＋": "+",
		"×": "\\times ",
		"·": "\\cdot ",
		"⋅": "\\cdot ",
		"÷": "/",
		"∕": "/",
		"⁄": "/",
		"±": "\\pm ",
		"∓": "\\mp ",
		"√": "\\sqrt ",
		π: "\\pi ",
		"∞": "\\infty ",
		"≤": "\\le ",
		"≥": "\\ge ",
		"≠": "\\ne ",
		"≈": "\\approx ",
		"∪": "\\cup ",
		"∈": "\\in ",
		"∅": "\\emptyset ",
		ℝ: "\\mathbb{R}",
		"°": "^\\circ ",
		º: "^\\circ ",
		"％": "%",
		"，": ",",
		"；": ";",
		"（": "(",
		"）": ")",
		"［": "[",
		"］": "]",
		"＝": "=",
		"＜": "<",
		"＞": ">",
		"½": "\\frac{1}{2}",
		"⅓": "\\frac{1}{3}",
		"⅔": "\\frac{2}{3}",
		"¼": "\\frac{1}{4}",
		"¾": "\\frac{3}{4}",
		"、": ",",
		θ: "\\theta ",
		α: "\\alpha ",
		β: "\\beta ",
		λ: "\\lambda ",
		φ: "\\phi ",
		"’": "'",
		"′": "'"
	};
	CHARACTER = new RegExp(`[${Object.keys(CHARACTERS).join("")}]`, "g");
	POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ";
	PLAIN_POWERS = "0123456789-n";
	POWER = new RegExp(`[${POWERS}]+`, "g");
	REPLACEMENTS = [
		[/,\s*\\!\s*(?=\d)/g, "{,}"],
		[/(?<=\d)\\!(?=\d)/g, "{,}"],
		[/(?<!\\)\\!/g, ""],
		[/\\?[$€£¥￥₹]/g, ""],
		[/(?<!\\)\\[()[\]]/g, " "],
		[/\\(?:left|right|middle|[bB]igg?[lrm]?)(?![a-zA-Z])\s*(?:\.(?!\d))?/g, ""],
		[/\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|mathstrut|strut|hline)(?![a-zA-Z])/g, " "],
		[/\\[hv]space\*?\s*\{[^{}]*\}/g, " "],
		[/\\h?phantom\s*\{[^{}]*\}/g, " "],
		[/\\(?:q?quad|thinspace|enspace|medspace|space)(?![a-zA-Z])|(?<!\\)\\[,;:> ]|~|&nbsp;/g, " "],
		[/\\lbrace(?![a-zA-Z])/g, "\\{"],
		[/\\rbrace(?![a-zA-Z])/g, "\\}"],
		[/\\lbrack(?![a-zA-Z])/g, "["],
		[/\\rbrack(?![a-zA-Z])/g, "]"],
		[/\\langle(?![a-zA-Z])/g, "("],
		[/\\rangle(?![a-zA-Z])/g, ")"],
		[/\\degree(?:s)?(?![a-zA-Z])|\^\s*\{\s*\\(?:circ|degree)\s*\}|\^\s*\\circ(?![a-zA-Z])/g, "^\\circ "],
		[/\\[dtc]frac(?![a-zA-Z])/g, "\\frac"],
		[/\\[dt]binom(?![a-zA-Z])/g, "\\binom"],
		[/(?<=[\w)}]) ?\*\*(?=\s*[\d({-])/g, "^"],
		[/\s+/g, " "]
	];
	UNIT$1 = "(?:cm|mm|km|kg|mg|lbs?|ft|inch(?:es)?|in|oz|mph|kph|hrs?|mins?|secs?|ml|degrees?|units?|meters?|miles?|feet|foot|yards?|hours?|minutes?|seconds?|days?|weeks?|months?|years?|dollars?|cents?|percent|radians?|times|ways|people|students)";
	UNIT_AT_END = new RegExp(`(?<=[\\d)}]) ?(?:(?:square|cubic|sq\\.?|cu\\.?) )?${UNIT$1}(?: ?\\^ ?\\{? ?[23] ?\\}?)?$`, "i");
	WORDS_AT_END = /(?<=[\d)}]) (?!(?:and|or|if|pi|sqrt|sin|cos|tan|cot|sec|csc|log|ln|exp|mod|infinity|arc\w+)\b)[A-Za-z]{3,}(?:[ /-][A-Za-z]+){0,4}$/;
	WRAPPED = /\\(?:text(?:bf|it|rm|sf|tt)?|mbox|math(?:rm|bf|it|sf|tt)|operatorname)(?![a-zA-Z])/g;
}));
// src/evaluate/math/rational.ts
function fraction(above, below = 1n) {
	if (below < 0n) return fraction(-above, -below);
	const divisor = gcd(above < 0n ? -above : above, below);
	return {
		above: above / divisor,
		below: below / divisor
	};
}
function gcd(a, b) {
	let [x, y] = [a, b];
	while (y !== 0n) [x, y] = [y, x % y];
	return x === 0n ? 1n : x;
}
/** Of digits as `12`, `12.5`, `.5`, with an exponent of ten. */
function decimal(digits, exponent = 0) {
	const [whole = "", part = ""] = digits.split(".");
	const shift = exponent - part.length;
	const value = fraction(BigInt(`${whole}${part}` || "0"));
	return shift < 0 ? fraction(value.above, 10n ** BigInt(-shift)) : fraction(value.above * 10n ** BigInt(shift));
}
function add$1(a, b) {
	return fraction(a.above * b.below + b.above * a.below, a.below * b.below);
}
function negate({ above, below }) {
	return {
		above: -above,
		below
	};
}
function multiply(a, b) {
	return fraction(a.above * b.above, a.below * b.below);
}
/** Undefined for a division by zero. */
function divide(a, b) {
	return b.above === 0n ? void 0 : fraction(a.above * b.below, a.below * b.above);
}
/** To a whole power; undefined where that is too large, or zero to a negative power. */
function power$1(base, exponent) {
	if (exponent < 0n) {
		const inverse = divide(ONE, base);
		return inverse && power$1(inverse, -exponent);
	}
	const bits = bitsOf$1(base);
	if ((bits - 1) * Number(exponent) > MOST_BITS) return void 0;
	const times = bits > 1 || exponent === 0n ? exponent : exponent % 2n === 0n ? 2n : 1n;
	return {
		above: base.above ** times,
		below: base.below ** times
	};
}
/** The n-th root where it is a fraction. */
function root$1(value, n) {
	if (value.above < 0n) {
		const positive = n % 2 === 1 ? root$1(negate(value), n) : void 0;
		return positive && negate(positive);
	}
	const [above, below] = [wholeRoot(value.above, n), wholeRoot(value.below, n)];
	return above === void 0 || below === void 0 ? void 0 : {
		above,
		below
	};
}
/** Newton's method from above. */
function wholeRoot(value, n) {
	if (value < 2n || n === 1) return value;
	if (n > 64) return void 0;
	const order = BigInt(n);
	let guess = 1n << BigInt(Math.ceil(value.toString(2).length / n));
	for (;;) {
		const next = ((order - 1n) * guess + value / guess ** (order - 1n)) / order;
		if (next >= guess) return guess ** order === value ? guess : void 0;
		guess = next;
	}
}
function isWhole({ below }) {
	return below === 1n;
}
function isSame$2(a, b) {
	return a.above === b.above && a.below === b.below;
}
/** Whether it has so many digits that it is better left alone. */
function isHuge(value) {
	return bitsOf$1(value) > MOST_BITS;
}
/** The nearest double, also where numerator and denominator are beyond a double's range. */
function toNumber({ above, below }) {
	const [top, bottom] = [Number(above), Number(below)];
	if (Number.isFinite(top) && Number.isFinite(bottom)) return top / bottom;
	const shift = BigInt(Math.max(0, Math.min(lengthOf$1(above), lengthOf$1(below)) - 1e3));
	return Number(above >> shift) / Number(below >> shift);
}
function bitsOf$1({ above, below }) {
	return Math.max(lengthOf$1(above), lengthOf$1(below));
}
function lengthOf$1(value) {
	return (value < 0n ? -value : value).toString(2).length;
}
var MOST_BITS, ONE;
var init_rational = __esmMin((() => {
	MOST_BITS = 2400;
	ONE = {
		above: 1n,
		below: 1n
	};
}));
// src/evaluate/math/exact.ts
/** The fraction that a formula is; undefined where it is none, or too large, or nothing shows that it is one. */
function exactValue(formula) {
	const found = fractionOf$1(formula);
	return found === void 0 || isHuge(found) ? void 0 : found;
}
function fractionOf$1(formula) {
	switch (formula.kind) {
		case "number": return formula.value;
		case "based": return basedValue(formula.digits, formula.base);
		case "negative": return mapped$1(exactValue(formula.of), negate);
		case "degrees": return exactValue(formula.of);
		case "percent": return mapped$1(exactValue(formula.of), (of) => multiply(of, fraction(1n, 100n)));
		case "binary": {
			const left = exactValue(formula.left);
			const right = left && exactValue(formula.right);
			return left && right && operate$1(formula.op, left, right);
		}
		case "call": return callValue$1(formula.name, formula.of.map(exactValue));
		default: return;
	}
}
function mapped$1(value, map) {
	return value && map(value);
}
function operate$1(op, left, right) {
	switch (op) {
		case "+": return add$1(left, right);
		case "-": return add$1(left, negate(right));
		case "*": return multiply(left, right);
		case "/": return divide(left, right);
		default: return exactPower(left, right);
	}
}
/** A fraction to a fraction: `4^{3/2}` is 8. */
function exactPower(base, exponent) {
	const rooted = isWhole(exponent) ? base : exponent.below > 64n ? void 0 : root$1(base, Number(exponent.below));
	return rooted && power$1(rooted, exponent.above);
}
function callValue$1(name, of) {
	const [first, second] = of;
	if (first === void 0 || of.length > 1 && second === void 0) return void 0;
	switch (name) {
		case "sqrt": return first.above < 0n ? void 0 : root$1(first, 2);
		case "root": return isWhole(first) && first.above > 0n && first.above <= 64n ? root$1(second, Number(first.above)) : void 0;
		case "abs": return first.above < 0n ? negate(first) : first;
		case "floor": return fraction(floorOf(first));
		case "ceil": return fraction(-floorOf(negate(first)));
		case "factorial": return isCount$1(first) ? fraction(product$1(1n, first.above)) : void 0;
		case "binomial": return second && isCount$1(first) && isCount$1(second) ? choose$1(first.above, second.above) : void 0;
		default: return;
	}
}
function floorOf({ above, below }) {
	const quotient = above / below;
	return above % below < 0n ? quotient - 1n : quotient;
}
function isCount$1(value) {
	return isWhole(value) && value.above >= 0n && toNumber(value) <= LARGEST_FACTORIAL;
}
function choose$1(n, k) {
	if (k > n) return fraction(0n);
	return fraction(product$1(n - k + 1n, n), product$1(1n, k));
}
/** Of all whole numbers from the first to the last. */
function product$1(from, to) {
	let result = 1n;
	for (let factor = from; factor <= to; factor++) result *= factor;
	return result;
}
/** Undefined where a digit is none of the base. */
function basedValue(digits, base) {
	if (base < 2 || base > 10 || [...digits].some((digit) => Number(digit) >= base)) return void 0;
	return base === 10 ? decimal(digits) : fraction([...digits].reduce((sum, digit) => sum * BigInt(base) + BigInt(digit), 0n));
}
var LARGEST_FACTORIAL;
var init_exact = __esmMin((() => {
	init_rational();
	LARGEST_FACTORIAL = 500;
}));
// src/evaluate/math/source.ts
var Unreadable, LONGEST_ANSWER$1, DEEPEST, MOST_PARTS, Source;
var init_source = __esmMin((() => {
	Unreadable = class extends Error {};
	LONGEST_ANSWER$1 = 1e3;
	DEEPEST = 60;
	MOST_PARTS = 3e3;
	Source = class {
		text;
		position = 0;
		/** Brackets around the place: there a comma stands between items, not between thousands. */
		brackets = 0;
		/** Absolute bars around the place: there a bar closes. */
		bars = 0;
		depth = 0;
		parts = 0;
		constructor(text) {
			if (text.length > 1e3) throw new Unreadable(`longer than ${LONGEST_ANSWER$1} characters`);
			this.text = text;
		}
		/** Reads one part of a formula. Throws Unreadable beyond the limits. */
		part(read) {
			if (++this.parts > MOST_PARTS) throw new Unreadable("too many parts");
			if (++this.depth > DEEPEST) throw new Unreadable("nested too deeply");
			const result = read();
			this.depth--;
			return result;
		}
		skipSpace() {
			while (this.text[this.position] === " ") this.position++;
		}
		get isAtEnd() {
			this.skipSpace();
			return this.position >= this.text.length;
		}
		/** The next character that is no space, not taken. */
		get next() {
			this.skipSpace();
			return this.text[this.position] ?? "";
		}
		/** Takes what a sticky pattern matches here, spaces before it left out. */
		take(pattern) {
			this.skipSpace();
			return this.takeHere(pattern);
		}
		/** The same, without leaving out spaces. */
		takeHere(pattern) {
			pattern.lastIndex = this.position;
			const match = pattern.exec(this.text);
			if (match === null) return void 0;
			this.position += match[0].length;
			return match;
		}
		/** Whether a sticky pattern matches here. */
		sees(pattern) {
			this.skipSpace();
			pattern.lastIndex = this.position;
			return pattern.test(this.text);
		}
		fail(what) {
			throw new Unreadable(`${what} at character ${this.position + 1}`);
		}
	};
}));
// src/evaluate/math/value.ts
function value(re, im = 0, error = 0) {
	return {
		re,
		im,
		error: error + ROUNDING * Math.hypot(re, im)
	};
}
function size({ re, im }) {
	return Math.hypot(re, im);
}
function isDefined(a) {
	return Number.isFinite(a.re) && Number.isFinite(a.im) && Number.isFinite(a.error);
}
function plus(a, b) {
	return value(a.re + b.re, a.im + b.im, a.error + b.error);
}
function minus(a, b) {
	return value(a.re - b.re, a.im - b.im, a.error + b.error);
}
function times(a, b) {
	const error = size(a) * b.error + size(b) * a.error;
	return value(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, error);
}
function over(a, b) {
	const length = size(b);
	if (length <= 4 * b.error || length === 0) return NOTHING;
	const [re, im] = [b.re / length, b.im / length];
	const error = a.error / length + size(a) * b.error / length ** 2;
	return value((a.re * re + a.im * im) / length, (a.im * re - a.re * im) / length, error);
}
/** e to the power of a. */
function exponential$2(a) {
	const length = Math.exp(a.re);
	return value(length * Math.cos(a.im), length * Math.sin(a.im), length * a.error);
}
/** The principal logarithm. */
function logarithm(a) {
	const length = size(a);
	if (length <= 4 * a.error) return NOTHING;
	return value(Math.log(length), Math.atan2(a.im, a.re), a.error / length);
}
function squareRoot(a) {
	const length = size(a);
	if (length === 0) return value(0, 0, Math.sqrt(a.error));
	const root = Math.sqrt(length);
	const error = Math.min(a.error / root, Math.sqrt(a.error));
	if (a.im === 0) return a.re > 0 ? value(root, 0, error) : value(0, root, error);
	const half = Math.atan2(a.im, a.re) / 2;
	return value(root * Math.cos(half), root * Math.sin(half), error);
}
/** `base` to a power: whole ones by squaring, others over the principal logarithm. */
function toPower(base, exponent) {
	const n = exponent.re;
	if (exponent.im === 0 && Number.isInteger(n) && Math.abs(n) <= 4096) return wholePower(base, n);
	if (size(base) <= 4 * base.error) return NOTHING;
	if (base.im === 0 && base.re > 0 && exponent.im === 0) {
		const result = base.re ** n;
		return value(result, 0, result * (Math.abs(n) * base.error / base.re + Math.abs(Math.log(base.re)) * exponent.error));
	}
	return exponential$2(times(logarithm(base), exponent));
}
function wholePower(base, n) {
	if (n < 0) return over(value(1), wholePower(base, -n));
	let [result, square] = [value(1), base];
	for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
		if (rest % 2 === 1) result = times(result, square);
		if (rest > 1) square = times(square, square);
	}
	return result;
}
function isClose(a, b) {
	const allowed = TOLERANCE * Math.max(size(a), size(b)) + 64 * (a.error + b.error);
	return Math.hypot(a.re - b.re, a.im - b.im) <= allowed;
}
/** Whether so much cancelled that the value says little. */
function isVague(a) {
	return !isDefined(a) || a.error > 1e-9 && a.error > 1e-9 * size(a);
}
var ROUNDING, NOTHING, TOLERANCE;
var init_value = __esmMin((() => {
	ROUNDING = Number.EPSILON;
	NOTHING = {
		re: NaN,
		im: NaN,
		error: NaN
	};
	TOLERANCE = 2e-11;
}));
// src/evaluate/math/numeric.ts
/** The value of an expression at a point, not finite where it has none. Throws Unreadable for what has no number for a value. */
function valueAt$1(formula, point, budget) {
	budget.spend();
	switch (formula.kind) {
		case "number": return value(toNumber(formula.value));
		case "based": {
			const exact = exactValue(formula);
			return exact === void 0 ? NOTHING : value(toNumber(exact));
		}
		case "symbol": return CONSTANTS$1.get(formula.name) ?? value(point.get(formula.name) ?? NaN);
		case "negative": return minus(value(0), valueAt$1(formula.of, point, budget));
		case "degrees": return valueAt$1(formula.of, point, budget);
		case "percent": return over(valueAt$1(formula.of, point, budget), value(100));
		case "binary": return operate(formula, point, budget);
		case "call": return callAt(formula, point, budget);
		default: throw new Unreadable(`a ${formula.kind} has no number for a value`);
	}
}
function operate({ op, left, right }, point, budget) {
	const [a, b] = [valueAt$1(left, point, budget), valueAt$1(right, point, budget)];
	switch (op) {
		case "+": return plus(a, b);
		case "-": return minus(a, b);
		case "*": return times(a, b);
		case "/": return over(a, b);
		default: return oddRoot(a, right) ?? toPower(a, b);
	}
}
/** `(-8)^{1/3}` is -2 to whoever asks: fractions with an odd denominator have a real value. */
function oddRoot(base, exponent) {
	if (base.im !== 0 || base.re >= 0) return void 0;
	const exact = exactValue(exponent);
	if (exact === void 0 || exact.below === 1n || exact.below % 2n === 0n) return void 0;
	const positive = toPower(minus(value(0), base), value(toNumber(exact)));
	return exact.above % 2n === 0n ? positive : minus(value(0), positive);
}
function callAt(formula, point, budget) {
	const [first, second] = formula.of;
	if (first === void 0) throw new Unreadable(`${formula.name} of nothing`);
	if (formula.name === "root") return rootAt(first, second, point, budget);
	const a = angle(formula.name, first, valueAt$1(first, point, budget));
	const b = second && valueAt$1(second, point, budget);
	const compute = b === void 0 ? ONE_ARGUMENT[formula.name] : void 0;
	if (compute !== void 0) return compute(a);
	const both = b === void 0 ? void 0 : TWO_ARGUMENTS[formula.name];
	if (both === void 0 || b === void 0) throw new Unreadable(`${formula.name} is not known`);
	return both(a, b);
}
function rootAt(order, of, point, budget) {
	if (of === void 0) throw new Unreadable("a root of nothing");
	const inverse = {
		kind: "binary",
		op: "/",
		left: {
			kind: "number",
			value: WHOLE_ONE
		},
		right: order
	};
	const base = valueAt$1(of, point, budget);
	return oddRoot(base, inverse) ?? toPower(base, valueAt$1(inverse, point, budget));
}
/** Trigonometric functions take degrees where their argument says so. */
function angle(name, argument, a) {
	return argument.kind === "degrees" && TRIGONOMETRIC.test(name) ? times(a, value(Math.PI / 180)) : a;
}
function sine(a) {
	const error = a.error * Math.cosh(a.im);
	return value(Math.sin(a.re) * Math.cosh(a.im), Math.cos(a.re) * Math.sinh(a.im), error + Number.EPSILON);
}
function cosine(a) {
	const error = a.error * Math.cosh(a.im);
	return value(Math.cos(a.re) * Math.cosh(a.im), -Math.sin(a.re) * Math.sinh(a.im), error + Number.EPSILON);
}
function real(a, compute) {
	return a.im === 0 && isDefined(a) ? value(compute(a.re), 0, a.error) : NOTHING;
}
function isCount({ re, im }) {
	return im === 0 && Number.isInteger(re) && re >= 0 && re <= 170;
}
function productTo(n) {
	let product = 1;
	for (let factor = 2; factor <= n; factor++) product *= factor;
	return product;
}
function binomial(n, k) {
	let result = 1;
	for (let i = 1; i <= k; i++) result = result * (n - k + i) / i;
	return k > n ? 0 : result;
}
var Budget, CONSTANTS$1, WHOLE_ONE, TRIGONOMETRIC, ONE_ARGUMENT, TWO_ARGUMENTS;
var init_numeric = __esmMin((() => {
	init_exact();
	init_rational();
	init_source();
	init_value();
	Budget = class {
		left;
		constructor(operations) {
			this.left = operations;
		}
		/** Throws Unreadable when nothing is left. */
		spend(operations = 1) {
			this.left -= operations;
			if (this.left < 0) throw new Unreadable("too much to compute");
		}
	};
	CONSTANTS$1 = /* @__PURE__ */ new Map([
		["pi", value(Math.PI)],
		["e", value(Math.E)],
		["i", value(0, 1)]
	]);
	WHOLE_ONE = {
		above: 1n,
		below: 1n
	};
	TRIGONOMETRIC = /^(?:sin|cos|tan|cot|sec|csc)$/;
	ONE_ARGUMENT = {
		sqrt: squareRoot,
		exp: exponential$2,
		ln: logarithm,
		log: (a) => over(logarithm(a), value(Math.LN10)),
		sin: sine,
		cos: cosine,
		tan: (a) => over(sine(a), cosine(a)),
		cot: (a) => over(cosine(a), sine(a)),
		sec: (a) => over(value(1), cosine(a)),
		csc: (a) => over(value(1), sine(a)),
		sinh: (a) => over(minus(exponential$2(a), exponential$2(minus(value(0), a))), value(2)),
		cosh: (a) => over(plus(exponential$2(a), exponential$2(minus(value(0), a))), value(2)),
		tanh: (a) => real(a, Math.tanh),
		arcsin: (a) => real(a, Math.asin),
		arccos: (a) => real(a, Math.acos),
		arctan: (a) => real(a, Math.atan),
		abs: (a) => value(size(a), 0, a.error),
		floor: (a) => real(a, (re) => Math.floor(re + 1e-9)),
		ceil: (a) => real(a, (re) => Math.ceil(re - 1e-9)),
		factorial: (a) => isCount(a) ? value(productTo(a.re)) : NOTHING
	};
	TWO_ARGUMENTS = {
		log: (base, a) => over(logarithm(a), logarithm(base)),
		binomial: (n, k) => isCount(n) && isCount(k) ? value(binomial(n.re, k.re)) : NOTHING,
		max: (a, b) => a.im === 0 && b.im === 0 ? a.re > b.re ? a : b : NOTHING,
		min: (a, b) => a.im === 0 && b.im === 0 ? a.re < b.re ? a : b : NOTHING
	};
}));
// src/evaluate/math/formula.ts
function binary$1(op, left, right) {
	return {
		kind: "binary",
		op,
		left,
		right
	};
}
function call$1(name, ...of) {
	return {
		kind: "call",
		name,
		of
	};
}
/** The formulas that a formula is made of. */
function partsOf(formula) {
	switch (formula.kind) {
		case "binary": return [formula.left, formula.right];
		case "either": return formula.left === void 0 ? [formula.right] : [formula.left, formula.right];
		case "negative":
		case "degrees":
		case "percent": return [formula.of];
		case "call": return formula.of;
		case "bracket":
		case "list": return formula.items;
		case "union":
		case "relation": return formula.parts;
		case "matrix": return formula.rows.flat();
		default: return [];
	}
}
/** Names of the variables in a formula. */
function variablesOf$1(formula) {
	if (formula.kind === "symbol") return new Set(KNOWN$2.has(formula.name) ? [] : [formula.name]);
	return new Set(partsOf(formula).flatMap((part) => [...variablesOf$1(part)]));
}
/** Whether there is such a formula in it, itself included. */
function contains$1(formula, kind) {
	return formula.kind === kind || partsOf(formula).some((part) => contains$1(part, kind));
}
/** The formula with its `±` as `+` (`sign` 1) or `-`, and its `∓` the other way. */
function withSign(formula, sign) {
	const inner = (part) => withSign(part, sign);
	switch (formula.kind) {
		case "either": {
			const right = inner(formula.right);
			const isPlus = formula.upper * sign === 1;
			if (formula.left === void 0) return isPlus ? right : {
				kind: "negative",
				of: right
			};
			return binary$1(isPlus ? "+" : "-", inner(formula.left), right);
		}
		case "binary": return binary$1(formula.op, inner(formula.left), inner(formula.right));
		case "negative":
		case "degrees":
		case "percent": return {
			...formula,
			of: inner(formula.of)
		};
		case "call": return {
			...formula,
			of: formula.of.map(inner)
		};
		case "bracket":
		case "list": return {
			...formula,
			items: formula.items.map(inner)
		};
		case "union":
		case "relation": return {
			...formula,
			parts: formula.parts.map(inner)
		};
		case "matrix": return {
			...formula,
			rows: formula.rows.map((row) => row.map(inner))
		};
		default: return formula;
	}
}
var KNOWN$2;
var init_formula = __esmMin((() => {
	KNOWN$2 = /* @__PURE__ */ new Set([
		"pi",
		"e",
		"i"
	]);
}));
// src/evaluate/math/read-number.ts
/** The number that begins here, with thousands separators, repeating decimals, mixed fractions, exponents, bases. */
function readNumber(source) {
	source.skipSpace();
	const repeating = source.takeHere(REPEATING);
	if (repeating !== void 0) return {
		kind: "number",
		value: repeatingDecimal(repeating[1], repeating[2])
	};
	const inBrackets = source.brackets > 0;
	const match = source.takeHere(inBrackets ? GROUPED_IN_BRACKETS : GROUPED) ?? (inBrackets ? void 0 : source.takeHere(SPACED)) ?? source.takeHere(PLAIN$1);
	if (match === void 0) return void 0;
	const digits = match[0].replace(/[^\d.]/g, "");
	return WHOLE.test(digits) ? readWhole$1(digits, source) : withExponent(digits, source);
}
function readWhole$1(digits, source) {
	const base = source.takeHere(BASE);
	if (base !== void 0) return {
		kind: "based",
		digits,
		base: Number(base[1] ?? base[2])
	};
	const mixed = source.takeHere(MIXED);
	if (mixed === void 0) return withExponent(digits, source);
	const above = mixed[1] ?? mixed[2] ?? mixed[5];
	const below = mixed[3] ?? mixed[4] ?? mixed[6];
	const part = divide(decimal(above), decimal(below));
	if (part === void 0) source.fail("a division by zero");
	return {
		kind: "number",
		value: add$1(decimal(digits), part)
	};
}
function withExponent(digits, source) {
	const exponent = source.takeHere(EXPONENT);
	return {
		kind: "number",
		value: decimal(digits, exponent === void 0 ? 0 : Number(exponent[1]))
	};
}
/** `0.1` and `6` for 0.1666… */
function repeatingDecimal(fixed, repeated) {
	const places = (fixed.split(".")[1] ?? "").length;
	const nines = 10n ** BigInt(repeated.length) - 1n;
	const tail = fraction(BigInt(repeated), nines * 10n ** BigInt(places));
	return add$1(decimal(fixed), tail);
}
var GROUPED, GROUPED_IN_BRACKETS, SPACED, REPEATING, PLAIN$1, EXPONENT, BASE, WHOLE, MIXED;
var init_read_number = __esmMin((() => {
	init_rational();
	GROUPED = /\d{1,3}(?:(?:\{,\}|,)\d{3})+(?!\d)(?:\.\d+)?/y;
	GROUPED_IN_BRACKETS = /\d{1,3}(?:\{,\}\d{3})+(?!\d)(?:\.\d+)?/y;
	SPACED = /\d{1,3}(?: \d{3})+(?![\d/])/y;
	REPEATING = /(\d*\.\d*)\\(?:overline|bar|dot) ?\{?(\d+)\}?/y;
	PLAIN$1 = /\d+(?:\.\d+)?|\.\d+/y;
	EXPONENT = /[eE]([+-]?\d{1,3})(?![\d.a-zA-Z])/y;
	BASE = /_(?:\{ ?(\d{1,2}) ?\}|(\d{1,2}))/y;
	WHOLE = /^\d+$/;
	MIXED = /(?: ?\\frac ?(?:\{ ?(\d+) ?\}|(\d)) ?(?:\{ ?(\d+) ?\}|(\d)(?!\d))| (\d+) ?\/ ?(\d+)(?!\d))(?! ?[\^!])/y;
}));
// src/evaluate/math/read-atom.ts
/** The smallest thing with a value that begins here. Throws Unreadable where none does. */
function readAtom(source, grammar) {
	return source.part(() => {
		const next = source.next;
		if (/[\d.]/.test(next)) return readNumber(source) ?? source.fail("no number");
		if (next === "(" || next === "[") return readBrackets(source, grammar);
		if (next === "|") return readBars(source, grammar, /\|/y, "abs");
		if (next === "{") return readGroup(source, grammar);
		if (next === "\\") return readCommand(source, grammar);
		return readWord(source, grammar) ?? source.fail("nothing to read");
	});
}
/** What stands in braces; a single character where there are none, as TeX takes it. */
function readArgument(source, grammar) {
	if (source.next === "{") return readGroup(source, grammar);
	const digit = source.take(/\d/y);
	if (digit !== void 0) return {
		kind: "number",
		value: fraction(BigInt(digit[0]))
	};
	if (source.next === "\\") return readAtom(source, grammar);
	const letter = source.take(LETTER);
	return letter === void 0 ? source.fail("no argument") : {
		kind: "symbol",
		name: letter[0]
	};
}
function readGroup(source, grammar) {
	source.take(/\{/y);
	const inner = grammar.answer(source);
	if (source.take(/\}/y) === void 0) source.fail("a brace is not closed");
	return inner;
}
function readBrackets(source, grammar) {
	const open = source.take(/[([]/y)[0];
	const items = readItems(source, grammar, /[)\]]/y);
	const close = source.take(/[)\]]/y)?.[0];
	if (close === void 0) source.fail("a bracket is not closed");
	const [only, ...more] = items;
	if (only === void 0) source.fail("empty brackets");
	const isPair = open === "(" ? close === ")" : close === "]";
	return more.length === 0 && isPair ? only : {
		kind: "bracket",
		open,
		close,
		items
	};
}
function readSet(source, grammar) {
	if (source.take(CONDITION) !== void 0) {
		const condition = grammar.answer(source);
		return source.take(/\\\}/y) === void 0 ? source.fail("a set is not closed") : condition;
	}
	const items = readItems(source, grammar, /\\\}/y);
	if (source.take(/\\\}/y) === void 0) source.fail("a set is not closed");
	return {
		kind: "bracket",
		open: "{",
		close: "}",
		items
	};
}
function readItems(source, grammar, end) {
	if (source.sees(end)) return [];
	source.brackets++;
	const { bars } = source;
	source.bars = 0;
	const inner = grammar.answer(source);
	source.brackets--;
	source.bars = bars;
	return inner.kind === "list" ? inner.items : [inner];
}
function readBars(source, grammar, bar, name) {
	if (name === "abs" && source.bars > 0) source.fail("absolute bars in absolute bars");
	source.take(bar);
	source.bars++;
	const inner = grammar.expression(source);
	source.bars--;
	if (source.take(CLOSING_BARS[name]) === void 0) source.fail("a bar is not closed");
	return call$1(name, inner);
}
function readWord(source, grammar) {
	const word = source.take(FUNCTION_WORD);
	if (word !== void 0) return readFunction(word[0], source, grammar);
	const constant = source.take(CONSTANT_WORD);
	if (constant !== void 0) return constant[0] === "pi" ? {
		kind: "symbol",
		name: "pi"
	} : { kind: "infinity" };
	const letter = source.take(LETTER);
	return letter && {
		kind: "symbol",
		name: letter[0] + readMarks(source)
	};
}
/** A subscript and primes belong to the name. */
function readMarks(source) {
	const subscript = source.takeHere(SUBSCRIPT);
	return (subscript === void 0 ? "" : `_${(subscript[1] ?? subscript[2] ?? subscript[3]).trim()}`) + (source.takeHere(PRIMES)?.[0] ?? "");
}
function readCommand(source, grammar) {
	if (source.take(/\\\{/y) !== void 0) return readSet(source, grammar);
	if (source.sees(MATRIX)) return readMatrix(source, grammar);
	const text = source.take(TEXT);
	if (text !== void 0) return readText$2(text[1].trim());
	const command = source.take(COMMAND);
	if (command === void 0) source.fail("an unknown sign");
	const name = command[1];
	if (name === "pi") return {
		kind: "symbol",
		name: "pi"
	};
	if (SYMBOLS.has(name)) return {
		kind: "symbol",
		name: `\\${name}${readMarks(source)}`
	};
	if (name === "infty") return { kind: "infinity" };
	if (WRAPPERS.has(name)) return readArgument(source, grammar);
	if (DECORATIONS.has(name)) return readDecorated(name, source);
	if (name === "emptyset" || name === "varnothing") return {
		kind: "bracket",
		open: "{",
		close: "}",
		items: []
	};
	return readStructure(name, source, grammar);
}
function readStructure(name, source, grammar) {
	switch (name) {
		case "frac": return binary$1("/", readArgument(source, grammar), readArgument(source, grammar));
		case "binom": return call$1("binomial", readArgument(source, grammar), readArgument(source, grammar));
		case "lvert":
		case "vert": return readBars(source, grammar, /(?:)/y, "abs");
		case "lfloor": return readBars(source, grammar, /(?:)/y, "floor");
		case "lceil": return readBars(source, grammar, /(?:)/y, "ceil");
		default:
			if (name === "sqrt" || FUNCTIONS$2.has(name)) return readFunction(name, source, grammar);
			return source.fail(`\\${name} is not known`);
	}
}
function readFunction(name, source, grammar) {
	if (name === "sqrt") return readRoot(source, grammar);
	const base = name === "log" && source.take(/_/y) !== void 0 ? readArgument(source, grammar) : void 0;
	const power = source.take(/\^/y) === void 0 ? void 0 : readArgument(source, grammar);
	const of = source.sees(/[([{]/y) ? readAtom(source, grammar) : readOperand(source, grammar);
	const value = base === void 0 ? call$1(name === "lg" ? "log" : name, ...of.kind === "list" || of.kind === "bracket" ? of.items : [of]) : call$1("log", base, of);
	return power === void 0 ? value : raised(name, value, power);
}
/** `\sin^{-1}` is the inverse function, `\sin^2` the square. */
function raised(name, value, power) {
	if (power.kind === "negative" && power.of.kind === "number" && power.of.value.above === 1n && value.kind === "call" && /^(?:sin|cos|tan)$/.test(name)) return call$1(`arc${name}`, ...value.of);
	return binary$1("^", value, power);
}
function readRoot(source, grammar) {
	const order = source.take(/\[/y) === void 0 ? void 0 : grammar.expression(source);
	if (order !== void 0 && source.take(/\]/y) === void 0) source.fail("the order of a root is not closed");
	const of = source.next === "(" ? readAtom(source, grammar) : readRadicand(source, grammar);
	return order === void 0 ? call$1("sqrt", of) : call$1("root", order, of);
}
/** `\sqrt13` has one digit under the root for TeX, and two for whoever wrote it. */
function readRadicand(source, grammar) {
	const digits = source.take(/\d+/y);
	return digits === void 0 ? readArgument(source, grammar) : {
		kind: "number",
		value: decimal(digits[0])
	};
}
/** `\sin 2x`: factors side by side, up to the next sign. */
function readOperand(source, grammar) {
	if (source.take(/-/y) !== void 0) return {
		kind: "negative",
		of: readOperand(source, grammar)
	};
	let product = grammar.factor(source);
	while (source.sees(/[a-zA-Z]|\\(?:pi|theta|alpha|beta|phi|sqrt|frac)(?![a-zA-Z])/y)) {
		if (source.sees(FUNCTION_WORD) || source.sees(/(?:and|or)(?![a-zA-Z])/y)) break;
		product = binary$1("*", product, grammar.factor(source));
	}
	return product;
}
function readText$2(text) {
	if (/^\d+(?:\.\d+)?$/.test(text)) return {
		kind: "number",
		value: decimal(text)
	};
	if (/^[ei]$/.test(text)) return {
		kind: "symbol",
		name: text
	};
	return {
		kind: "words",
		text
	};
}
function readDecorated(name, source) {
	const argument = source.take(/\{([^{}]*)\}|([a-zA-Z])/y);
	if (argument === void 0) source.fail(`nothing under \\${name}`);
	return {
		kind: "symbol",
		name: `\\${name}{${(argument[1] ?? argument[2]).replaceAll(" ", "")}}${readMarks(source)}`
	};
}
function readMatrix(source, grammar) {
	source.take(MATRIX);
	const rows = [];
	while (source.take(MATRIX_END) === void 0) {
		const row = [grammar.expression(source)];
		while (source.take(/&/y) !== void 0) row.push(grammar.expression(source));
		rows.push(row);
		if (source.take(LINE_BREAK) === void 0 && !source.sees(MATRIX_END)) source.fail("a matrix is not closed");
	}
	return {
		kind: "matrix",
		rows
	};
}
var SYMBOL_COMMANDS, SYMBOLS, FUNCTIONS$2, FUNCTION_WORD, CONSTANT_WORD, COMMAND, TEXT, LETTER, SUBSCRIPT, PRIMES, WRAPPERS, DECORATIONS, MATRIX, MATRIX_END, LINE_BREAK, CONDITION, CLOSING_BARS;
var init_read_atom = __esmMin((() => {
	init_formula();
	init_rational();
	init_read_number();
	SYMBOL_COMMANDS = "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar square star";
	SYMBOLS = new Set(SYMBOL_COMMANDS.split(" "));
	FUNCTIONS$2 = new Set("sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln exp lg log max min gcd".split(" "));
	FUNCTION_WORD = /(?:arc(?:sin|cos|tan)|sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|sqrt|ln|log|exp|lg)(?![a-zA-Z])/y;
	CONSTANT_WORD = /(?:pi|infinity|infty|inf)(?![a-zA-Z])/y;
	COMMAND = /\\([a-zA-Z]+)/y;
	TEXT = /\\(?:text(?:bf|it|rm|sf|tt|normal)?|mbox|hbox|operatorname|mathrm|mathsf|mathtt|mathit) ?\{([^{}]*)\}/y;
	LETTER = /[a-zA-Z]/y;
	SUBSCRIPT = /_(?:\{([^{}]*)\}|\\text ?\{([^{}]*)\}|([a-zA-Z0-9]))/y;
	PRIMES = /'+/y;
	WRAPPERS = new Set("boxed fbox mathbf boldsymbol bm mathcal mathsf displaystyle ensuremath".split(" "));
	DECORATIONS = new Set("overline vec hat bar tilde widehat overrightarrow underline mathbb".split(" "));
	MATRIX = /\\begin ?\{([pbvBV]?matrix|smallmatrix|array)\} ?(?:\{[^{}]*\})?/y;
	MATRIX_END = /\\end ?\{(?:[pbvBV]?matrix|smallmatrix|array)\}/y;
	LINE_BREAK = /\\\\(?:\[[^\]]*\])?/y;
	CONDITION = /[a-zA-Z] ?(?:\\in ?\\mathbb ?\{?[A-Z]\}? ?)?(?::|\||\\(?:mid|vert)(?![a-zA-Z]))/y;
	CLOSING_BARS = {
		abs: /\||\\rvert(?![a-zA-Z])|\\vert(?![a-zA-Z])|\\\|/y,
		floor: /\\rfloor(?![a-zA-Z])/y,
		ceil: /\\rceil(?![a-zA-Z])/y
	};
}));
// src/evaluate/math/read-answer.ts
/** The formula that an answer's text is. Throws Unreadable for anything else. */
function readAnswer(text) {
	const source = new Source(cleanAnswer(text));
	if (source.isAtEnd) source.fail("an empty answer");
	const formula = readList(source);
	return source.isAtEnd ? formula : source.fail("something else");
}
/** `1, 2 \text{ and } 3`. */
function readList(source) {
	const first = readRelation(source);
	const items = [first];
	while (source.take(SEPARATOR) !== void 0) items.push(readRelation(source));
	return items.length === 1 ? first : {
		kind: "list",
		items
	};
}
function readRelation(source) {
	const first = readUnion(source);
	const [parts, signs] = [[first], []];
	for (let sign = source.take(SIGN); sign !== void 0; sign = source.take(SIGN)) {
		signs.push(SIGNS$1[sign[0].replace(" ", "")] ?? source.fail("an unknown relation"));
		parts.push(readUnion(source));
	}
	return signs.length === 0 ? first : {
		kind: "relation",
		signs,
		parts
	};
}
function readUnion(source) {
	const first = readSum(source);
	const parts = [first];
	while (source.take(/\\cup(?![a-zA-Z])|U(?= ?[([])/y) !== void 0) parts.push(readSum(source));
	if (parts.length > 1) return {
		kind: "union",
		parts
	};
	if (source.take(/\\(?:setminus|backslash)(?![a-zA-Z])/y) === void 0) return first;
	const without = readSum(source);
	const [point, ...more] = without.kind === "bracket" ? without.items : [];
	if (first.kind !== "symbol" || first.name !== REALS || point === void 0 || more.length > 0) source.fail("a difference of sets");
	return {
		kind: "relation",
		signs: ["!="],
		parts: [{
			kind: "symbol",
			name: "x"
		}, point]
	};
}
function readSum(source) {
	return source.part(() => {
		let sum = readSigned(source);
		for (let sign = source.take(PLUS_OR_MINUS); sign !== void 0; sign = source.take(PLUS_OR_MINUS)) {
			const right = readProduct(source);
			if (sign[0] === "+" || sign[0] === "-") sum = binary$1(sign[0], sum, right);
			else sum = {
				kind: "either",
				upper: sign[0] === "\\pm" ? 1 : -1,
				left: sum,
				right
			};
		}
		return sum;
	});
}
function readSigned(source) {
	const sign = source.take(PLUS_OR_MINUS)?.[0];
	if (sign === void 0) return readProduct(source);
	const of = source.part(() => readSigned(source));
	if (sign === "+") return of;
	if (sign === "-") return {
		kind: "negative",
		of
	};
	return {
		kind: "either",
		upper: sign === "\\pm" ? 1 : -1,
		right: of
	};
}
function readProduct(source) {
	let product = readFactor(source);
	for (;;) if (source.take(TIMES) !== void 0) product = binary$1("*", product, readSignedFactor(source));
	else if (source.take(DIVIDED) !== void 0) product = binary$1("/", product, readSignedFactor(source));
	else if (product.kind !== "words" && source.take(UNIT) !== void 0) continue;
	else if (source.sees(SIDE_BY_SIDE) || source.bars === 0 && source.next === "|") product = binary$1("*", product, readFactor(source));
	else return product;
}
function readSignedFactor(source) {
	if (source.take(/\+/y) !== void 0) return readFactor(source);
	if (source.take(/-/y) === void 0) return readFactor(source);
	return {
		kind: "negative",
		of: readFactor(source)
	};
}
/** An atom with its powers, `!`, `%` and degrees. */
function readFactor(source) {
	let factor = readAtom(source, grammar);
	for (;;) if (source.take(/\^\\circ(?![a-zA-Z])/y) !== void 0) factor = {
		kind: "degrees",
		of: factor
	};
	else if (source.take(/\\?%/y) !== void 0) factor = {
		kind: "percent",
		of: factor
	};
	else if (source.take(/!(?!=)/y) !== void 0) factor = call$1("factorial", factor);
	else if (source.take(/\^/y) !== void 0) factor = binary$1("^", factor, readPower(source));
	else return factor;
}
function readPower(source) {
	if (source.take(/-/y) !== void 0) return {
		kind: "negative",
		of: readArgument(source, grammar)
	};
	const digits = source.take(/\d+/y);
	if (digits === void 0) return readArgument(source, grammar);
	return {
		kind: "number",
		value: {
			above: BigInt(digits[0]),
			below: 1n
		}
	};
}
var grammar, SEPARATOR, SIGN, SIGNS$1, REALS, PLUS_OR_MINUS, TIMES, DIVIDED, SIDE_BY_SIDE, UNIT;
var init_read_answer = __esmMin((() => {
	init_clean();
	init_formula();
	init_read_atom();
	init_source();
	grammar = {
		expression: readSum,
		factor: readFactor,
		answer: readList
	};
	SEPARATOR = /(?:[,;] ?)?(?:\\(?:text|mbox|mathrm|textrm) ?\{ ?,? ?(?:and|or) ?\}|(?:and|or)(?![a-zA-Z])|\\(?:lor|vee)(?![a-zA-Z]))|[,;]/y;
	SIGN = /!=|<=|>=|:=|=|<|>|\\not ?=|\\(?:leqslant|leq|le|geqslant|geq|ge|lt|gt|neq|ne|approx|simeq|sim|in|equiv)(?![a-zA-Z])/y;
	SIGNS$1 = {
		"=": "=",
		":=": "=",
		"\\equiv": "=",
		"!=": "!=",
		"\\ne": "!=",
		"\\neq": "!=",
		"\\not=": "!=",
		"<": "<",
		"\\lt": "<",
		">": ">",
		"\\gt": ">",
		"<=": "<=",
		"\\le": "<=",
		"\\leq": "<=",
		"\\leqslant": "<=",
		">=": ">=",
		"\\ge": ">=",
		"\\geq": ">=",
		"\\geqslant": ">=",
		"\\approx": "~",
		"\\simeq": "~",
		"\\sim": "~",
		"\\in": "in"
	};
	REALS = "\\mathbb{R}";
	PLUS_OR_MINUS = /[+-]|\\(?:pm|mp)(?![a-zA-Z])/y;
	TIMES = /\*|\\(?:cdot|times|ast)(?![a-zA-Z])/y;
	DIVIDED = /\/|:(?!=)|\\div(?![a-zA-Z])/y;
	SIDE_BY_SIDE = new RegExp("(?!(?:and|or)(?![a-zA-Z]))[a-zA-TV-Z({]|U(?! ?[([])|" + String.raw`\\(?!(?:pm|mp|cup|cap|leq?|leqslant|geq?|geqslant|lt|gt|neq?|not|in|to|approx|simeq|sim|equiv|setminus|` + "backslash|mid|end|rvert|vert|rfloor|rceil|lor|vee|ldots|dots|cdots|text|mbox|hbox)(?![a-zA-Z]))[a-zA-Z]", "y");
	UNIT = /\\(?:text(?:rm|bf|it|normal)?|mbox|hbox|mathrm) ?\{(?! ?,? ?(?:and|or) ?\}| ?[eid] ?\})[^{}]*\}(?: ?\^ ?(?:\{ ?-?\d ?\}|\d))?(?: ?\/ ?(?=\\(?:text|mathrm)))?/y;
}));
// src/load/random.ts
/**
* xoshiro128** (Blackman and Vigna, 2018) with its state filled by SplitMix32 from the seed. Two outputs make one number of 53
* bits. The sequence is part of what a seed means: it is the same on every machine and in every later version.
*/
function seededRandom$1(seed) {
	const fill = splitMix32(seed);
	let [a, b, c, d] = [
		fill(),
		fill(),
		fill(),
		fill()
	];
	const next = () => {
		const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
		const shifted = b << 9;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= shifted;
		d = rotateLeft(d, 11);
		return result;
	};
	return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}
function splitMix32(seed) {
	let state = seed ^ Math.imul(Math.floor(seed / 2 ** 32), 2654435769) | 0;
	return () => {
		state = state + 2654435769 | 0;
		let mixed = state ^ state >>> 16;
		mixed = Math.imul(mixed, 569420461);
		mixed ^= mixed >>> 15;
		mixed = Math.imul(mixed, 1935289751);
		return mixed ^ mixed >>> 15;
	};
}
function rotateLeft(bits, by) {
	return bits << by | bits >>> 32 - by;
}
var init_random$1 = __esmMin((() => {}));
// src/evaluate/math/same-expression.ts
/**
* Whether two expressions have the same value: fractions exactly, other constants as doubles within `TOLERANCE`, expressions in
* variables at the same points of a fixed seed. A point where either has no value says nothing; with less than four that
* do, the expressions are not called equal.
*/
function isSameExpression(a, b, budget) {
	const [exactA, exactB] = [exactValue(a), exactValue(b)];
	budget.spend(100);
	if (exactA !== void 0 && exactB !== void 0) return isSame$2(exactA, exactB);
	const variables = namesOf(a, b);
	if (variables.length === 0) return areClose(valueAt$1(a, NOWHERE, budget), valueAt$1(b, NOWHERE, budget)) === true;
	let told = 0;
	for (const point of pointsOf(variables)) {
		const equal = areClose(valueAt$1(a, point, budget), valueAt$1(b, point, budget));
		if (equal === false) return false;
		if (equal === true) told++;
	}
	return told >= ENOUGH$1;
}
/**
* Whether `a = 0` and `b = 0` say the same: one is a constant multiple of the other, and neither is nothing but zero or
* without variables.
*/
function isMultiple(a, b, budget) {
	const variables = namesOf(a, b);
	if (variablesOf$1(a).size !== variables.length || variablesOf$1(b).size !== variables.length) return false;
	const ratio = binary$1("/", a, b);
	const ratios = [...pointsOf(variables)].map((point) => valueAt$1(ratio, point, budget)).filter((at) => !isVague(at));
	const [first] = ratios;
	if (first === void 0 || variables.length === 0 || Math.hypot(first.re, first.im) < 1e-9) return false;
	return ratios.length >= ENOUGH$1 && ratios.every((at) => areClose(first, at) === true);
}
function namesOf(a, b) {
	return [.../* @__PURE__ */ new Set([...variablesOf$1(a), ...variablesOf$1(b)])].sort();
}
/** Undefined where one of them has no value, or none that can be told. */
function areClose(a, b) {
	return isVague(a) || isVague(b) ? void 0 : isClose(a, b);
}
function* pointsOf(variables) {
	const random = seededRandom$1(SEED);
	const at = (draw) => new Map(variables.map((name) => [name, draw()]));
	for (let i = 0; i < REAL_POINTS; i++) yield at(() => (random() < .5 ? -1 : 1) * (.3 + 2.5 * random()));
	for (let i = 0; i < POSITIVE_POINTS; i++) yield at(() => .2 + 3 * random());
	for (let i = 0; i < WHOLE_POINTS; i++) yield at(() => 1 + Math.floor(9 * random()));
}
var SEED, REAL_POINTS, POSITIVE_POINTS, WHOLE_POINTS, ENOUGH$1, NOWHERE;
var init_same_expression = __esmMin((() => {
	init_random$1();
	init_exact();
	init_formula();
	init_numeric();
	init_rational();
	init_value();
	SEED = 20250101;
	REAL_POINTS = 8;
	POSITIVE_POINTS = 8;
	WHOLE_POINTS = 8;
	ENOUGH$1 = 4;
	NOWHERE = /* @__PURE__ */ new Map();
}));
// src/evaluate/math/same-answer.ts
/**
* Whether two answers say the same. Sets and lists are compared in any order; points, intervals, matrices and unions part by
* part, with their brackets; `x = 5` is 5; inequalities of one variable are intervals; an equation is equal to its multiples.
*/
function isSameAnswer(gold, answer, budget) {
	budget.spend();
	if (shapeOf(gold) === shapeOf(answer)) return true;
	const [a, b] = [plain$1(gold), plain$1(answer)];
	if (a.kind === "relation" && b.kind === "relation") return isSameRelation(a, b, budget);
	if (a.kind === "relation") return isEquation(a) && isSameAnswer(lastOf(a), b, budget);
	if (b.kind === "relation") return isEquation(b) && isSameAnswer(a, lastOf(b), budget);
	if (a.kind === "union" || b.kind === "union") return isSameCollection(intervalsOf$1(a), intervalsOf$1(b), budget);
	const [itemsA, itemsB] = [itemsOf$4(a), itemsOf$4(b)];
	if (itemsA !== void 0 || itemsB !== void 0) return isSameCollection(itemsA ?? [a], itemsB ?? [b], budget);
	if (a.kind === "bracket" && b.kind === "bracket") return a.open === b.open && a.close === b.close && areAllSame(a.items, b.items, budget);
	if (a.kind === "matrix" && b.kind === "matrix") return a.rows.length === b.rows.length && a.rows.every((row, i) => row.length === b.rows[i].length) && areAllSame(a.rows.flat(), b.rows.flat(), budget);
	return isScalar(a) && isScalar(b) && isSameNumber(a, b, budget);
}
/** A text that formulas share only where they are written alike. */
function shapeOf(formula) {
	return JSON.stringify(formula, (_key, part) => typeof part === "bigint" ? String(part) : part);
}
function isScalar({ kind }) {
	return ![
		"bracket",
		"matrix",
		"words",
		"list",
		"union",
		"relation"
	].includes(kind);
}
/** An answer with its `±` spelled out, inequalities as intervals, and what membership is of. */
function plain$1(formula) {
	if (formula.kind === "symbol" && formula.name === "\\mathbb{R}") return LINE;
	if (formula.kind === "relation") return plainRelation(formula);
	if (!contains$1(formula, "either")) return formula;
	if (formula.kind === "list" || formula.kind === "bracket" && formula.open === "{") return {
		...formula,
		items: formula.items.flatMap(bothOf)
	};
	return {
		kind: "list",
		items: bothOf(formula)
	};
}
function bothOf(formula) {
	return contains$1(formula, "either") ? [withSign(formula, 1), withSign(formula, -1)] : [formula];
}
function plainRelation(relation) {
	const { signs, parts } = relation;
	const about = signs.indexOf("~");
	if (about === 0) return plain$1(parts[0]);
	if (about > 0) return plainRelation({
		...relation,
		signs: signs.slice(0, about),
		parts: parts.slice(0, about + 1)
	});
	if (signs.at(-1) === "in") return plain$1(parts.at(-1));
	const interval = intervalOf(relation);
	if (interval !== void 0) return interval;
	if (!contains$1(relation, "either")) return relation;
	return isEquation(relation) ? plain$1(lastOf(relation)) : relation;
}
function interval(open, low, high, close) {
	return {
		kind: "bracket",
		open,
		close,
		items: [low, high]
	};
}
/** Of `x < a`, `a <= x`, `a < x <= b` and `x != a`; undefined for other relations. */
function intervalOf({ signs, parts }) {
	const [first, second, third] = parts;
	const [sign, next] = signs;
	if (first === void 0 || second === void 0 || sign === void 0) return void 0;
	if (signs.length === 1) {
		if (isVariable(first) && isConstant(second)) return halfLine(sign, second);
		return isVariable(second) && isConstant(first) ? halfLine(TURNED[sign], first) : void 0;
	}
	if (signs.length > 2 || third === void 0 || next === void 0) return void 0;
	if (!isVariable(second) || !isConstant(first) || !isConstant(third)) return void 0;
	if (/^<=?$/.test(sign) && /^<=?$/.test(next)) return interval(sign === "<" ? "(" : "[", first, third, next === "<" ? ")" : "]");
	if (/^>=?$/.test(sign) && /^>=?$/.test(next)) return interval(next === ">" ? "(" : "[", third, first, sign === ">" ? ")" : "]");
}
function halfLine(sign, end) {
	switch (sign) {
		case "<": return interval("(", MINUS_INFINITE, end, ")");
		case "<=": return interval("(", MINUS_INFINITE, end, "]");
		case ">": return interval("(", end, INFINITE, ")");
		case ">=": return interval("[", end, INFINITE, ")");
		case "!=": return {
			kind: "union",
			parts: [interval("(", MINUS_INFINITE, end, ")"), interval("(", end, INFINITE, ")")]
		};
		default: return;
	}
}
function isVariable(formula) {
	return formula.kind === "symbol" && variablesOf$1(formula).size === 1;
}
function isConstant(formula) {
	return isScalar(formula) && variablesOf$1(formula).size === 0 && !contains$1(formula, "either");
}
function isEquation({ signs }) {
	return signs.every((sign) => sign === "=");
}
function lastOf({ parts }) {
	return parts.at(-1);
}
function isSameRelation(a, b, budget) {
	if (isEquation(a) && isEquation(b)) return isSameEquation(a, b, budget);
	const isAlike = (other) => a.signs.join() === other.signs.join() && areAllSame(a.parts, other.parts, budget);
	const turned = {
		kind: "relation",
		signs: b.signs.map((sign) => TURNED[sign]).reverse(),
		parts: [...b.parts].reverse()
	};
	return isAlike(b) || isAlike(turned);
}
/** `y = 2x + 3` and `2x - y + 3 = 0`; `x = 5` and `n = 5`, whose letters are the answerer's choice. */
function isSameEquation(a, b, budget) {
	const [leftA, leftB, rightA, rightB] = [
		a.parts[0],
		b.parts[0],
		lastOf(a),
		lastOf(b)
	];
	if (shapeOf(leftA) === shapeOf(leftB)) return isSameAnswer(rightA, rightB, budget);
	if (isVariable(leftA) && isVariable(leftB) && variablesOf$1(rightA).size === 0 && variablesOf$1(rightB).size === 0) return isSameAnswer(rightA, rightB, budget);
	if (![
		leftA,
		leftB,
		rightA,
		rightB
	].every(isScalar)) return false;
	return isMultiple(binary$1("-", leftA, rightA), binary$1("-", leftB, rightB), budget);
}
/** The items of what has no order: a list, a set. */
function itemsOf$4(formula) {
	if (formula.kind === "list") return formula.items;
	return formula.kind === "bracket" && formula.open === "{" ? formula.items : void 0;
}
/** The parts of a union, and of a list of intervals: `x < 1 or x > 3`. */
function intervalsOf$1(formula) {
	if (formula.kind === "union") return formula.parts;
	return itemsOf$4(formula) ?? [formula];
}
function areAllSame(a, b, budget) {
	return a.length === b.length && a.every((item, i) => isSameAnswer(item, b[i], budget));
}
/** The same items in any order, each as often as in the other. */
function isSameCollection(a, b, budget) {
	if (a.length !== b.length) return false;
	const left = [...b];
	return a.every((item) => {
		const place = left.findIndex((other) => isSameAnswer(item, other, budget));
		if (place !== -1) left.splice(place, 1);
		return place !== -1;
	});
}
/**
* Numbers and expressions. A percentage is equal to the number it is, and to the number without its sign: `50\%` to 0.5 and
* to 50, as units are not compared either. Digits in a base are compared as digits.
*/
function isSameNumber(a, b, budget) {
	if (a.kind === "based" || b.kind === "based") return false;
	const signs = [signOfInfinity(a), signOfInfinity(b)];
	if (signs[0] !== 0 || signs[1] !== 0) return signs[0] === signs[1];
	if (a.kind === "percent" && b.kind !== "percent") return isSameExpression(a, b, budget) || isSameExpression(a.of, b, budget);
	if (b.kind === "percent" && a.kind !== "percent") return isSameNumber(b, a, budget);
	return isSameExpression(a, b, budget);
}
function signOfInfinity(formula) {
	if (formula.kind === "negative") return -signOfInfinity(formula.of);
	return formula.kind === "infinity" ? 1 : 0;
}
var INFINITE, MINUS_INFINITE, LINE, TURNED;
var init_same_answer = __esmMin((() => {
	init_formula();
	init_same_expression();
	INFINITE = { kind: "infinity" };
	MINUS_INFINITE = {
		kind: "negative",
		of: INFINITE
	};
	LINE = interval("(", MINUS_INFINITE, INFINITE, ")");
	TURNED = {
		"<": ">",
		">": "<",
		"<=": ">=",
		">=": "<=",
		"=": "=",
		"!=": "!=",
		"~": "~",
		in: "in"
	};
}));
// src/evaluate/math/math-equal.ts
/** Whether an answer is equal to the gold one. Never throws, for any two texts. */
function compareMath(gold, answer) {
	if ([gold, answer].find((text) => text.length > LONGEST_ANSWER$1) !== void 0) return {
		isEqual: gold === answer,
		asTexts: `longer than ${LONGEST_ANSWER$1} characters`
	};
	const [cleanGold, cleanAnswered] = [cleanAnswer(gold), cleanAnswer(answer)];
	if (cleanGold === cleanAnswered) return { isEqual: cleanGold !== "" || gold === answer };
	const [a, b] = [readOr("reference", gold), readOr("answer", answer)];
	if (isWords(a) || isWords(b)) return {
		isEqual: isSame$1(bareWords(gold), bareWords(answer)),
		asTexts: "words"
	};
	if (typeof a === "string") return asTexts(gold, answer, a);
	if (typeof b === "string") return asTexts(gold, answer, b);
	try {
		return { isEqual: isSameAnswer(a, b, new Budget(OPERATIONS)) };
	} catch (error) {
		if (!(error instanceof Unreadable)) throw error;
		return asTexts(gold, answer, error.message);
	}
}
function asTexts(gold, answer, why) {
	return {
		isEqual: isSame$1(bareText(gold), bareText(answer)),
		asTexts: why
	};
}
function isSame$1(a, b) {
	return a === b && a !== "";
}
function isWords(read) {
	return typeof read !== "string" && read.kind === "words";
}
/** The formula, or why a text is none. */
function readOr(what, text) {
	try {
		return readAnswer(text);
	} catch (error) {
		if (!(error instanceof Unreadable)) throw error;
		return `the ${what} is no formula that is read: ${error.message}`;
	}
}
var OPERATIONS;
var init_math_equal = __esmMin((() => {
	init_clean();
	init_numeric();
	init_read_answer();
	init_same_answer();
	init_source();
	OPERATIONS = 3e5;
}));
// src/evaluate/math/python-text.ts
/** `text.strip()`. */
function pythonStrip$1(text) {
	return text.replace(OUTER_SPACE, "");
}
/** `text.isdigit()`. */
function isPythonDigits(text) {
	return DIGITS.test(text);
}
/**
* `re.sub(open + '(.*?)' + close, …)` of a text without line breaks: each stretch between the marks is kept without them, or
* dropped with them. Takes linear time, which the lazy regex does not.
*/
function unwrap(text, open, close, keep) {
	let result = "";
	let from = 0;
	for (;;) {
		const start = text.indexOf(open, from);
		const end = start === -1 ? -1 : text.indexOf(close, start + open.length);
		if (end === -1) return result + text.slice(from);
		result += text.slice(from, start) + (keep ? text.slice(start + open.length, end) : "");
		from = end + close.length;
	}
}
/** The last of `re.findall(open + '(.*?)' + close, text)`, of a text without line breaks. */
function lastBetween(text, open, close) {
	let last;
	let from = 0;
	for (;;) {
		const start = text.indexOf(open, from);
		const end = start === -1 ? -1 : text.indexOf(close, start + open.length);
		if (end === -1) return last;
		last = text.slice(start + open.length, end);
		from = end + close.length;
	}
}
var SPACE$2, OUTER_SPACE, OTHER_DIGITS, DIGITS;
var init_python_text$2 = __esmMin((() => {
	SPACE$2 = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
	OUTER_SPACE = new RegExp(`^[${SPACE$2}]+|(?<![${SPACE$2}])[${SPACE$2}]+$`, "g");
	OTHER_DIGITS = "\\xb2\\xb3\\xb9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\u{10a40}-\\u{10a43}\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}";
	DIGITS = new RegExp(`^[\\p{Nd}${OTHER_DIGITS}]+$`, "u");
}));
// src/evaluate/math/minerva.ts
/**
* An answer as the Minerva paper writes it before it compares (A. Lewkowycz and others, 2022, appendix D.1), with the
* additions of OpenCompass that AISBench has: units and spaces gone, wrappers opened, shorthand fractions and roots spelled out.
*/
function normalizeFinalAnswer(text) {
	let answer = text;
	for (const [before, after] of REPLACED) answer = answer.replaceAll(before, after);
	for (const part of REMOVED) answer = answer.replaceAll(part, "");
	answer = unwrap(answer, "\\text{(", ")}", true);
	for (const mark of [
		"\\text{",
		"\\textbf{",
		"\\overline{"
	]) answer = unwrap(answer, mark, "}", true);
	answer = pythonStrip$1(stated$1(unboxed(answer)));
	if (answer.includes("rac") && !answer.includes("\\frac")) answer = answer.replaceAll("rac", "\\frac");
	answer = answer.replace(/(frac)([^{])([\s\S])/gu, "frac{$2}{$3}").replace(/(sqrt)([^{])/gu, "sqrt{$2}").replaceAll("$", "");
	const ungrouped = answer.replaceAll(",", "");
	return isPythonDigits(ungrouped) ? ungrouped : answer;
}
/** From the first `\boxed{` to the last brace: the box of a text that is nothing else. */
function unboxed(text) {
	const start = text.indexOf("\\boxed{");
	const inside = start + 7;
	const end = text.lastIndexOf("}");
	if (start === -1 || end < inside) return text;
	return text.slice(0, start) + text.slice(inside, end) + text.slice(end + 1);
}
/** What stands behind `finalansweris` and `answeris`, then in the last box, then in the last pair of dollar signs. */
function stated$1(text) {
	const afterFinal = /finalansweris([\s\S]*)/.exec(text)?.[1] ?? text;
	const afterIs = /answer?is:?([\s\S]*)/.exec(afterFinal)?.[1] ?? afterFinal;
	const inBox = lastBetween(afterIs, "oxed{", "}") ?? afterIs;
	return lastBetween(inBox, "$", "$") ?? inBox;
}
var REPLACED, REMOVED;
var init_minerva = __esmMin((() => {
	init_python_text$2();
	REPLACED = [
		["an ", ""],
		["a ", ""],
		[".$", "$"],
		["\\$", ""],
		["\\ ", ""],
		[" ", ""],
		["mbox", "text"],
		[",\\text{and}", ","],
		["\\text{and}", ","],
		["\\text{m}", "\\text{}"],
		["\\le", "<"]
	];
	REMOVED = [
		...[
			"square",
			"ways",
			"integers",
			"dollars",
			"mph",
			"inches",
			"ft",
			"hours",
			"km",
			"units",
			"\\ldots",
			"sue"
		],
		...[
			"points",
			"feet",
			"minutes",
			"digits",
			"cents",
			"degrees",
			"cm",
			"gm",
			"pounds",
			"meters",
			"meals"
		],
		...[
			"edges",
			"students",
			"childrentickets",
			"multiples",
			"\\text{s}",
			"\\text{.}",
			"\\text{\ns}"
		],
		...[
			"\\text{}^2",
			"\\text{}^3",
			"\\text{\n}",
			"\\text{}",
			"\\mathrm{th}",
			"^\\circ",
			"^{\\circ}",
			"\\;"
		],
		...[
			",\\!",
			"{,}",
			"\"",
			"\\dots",
			"\n",
			"\r",
			"\f"
		]
	];
}));
// src/evaluate/math/extract-math.ts
var extract_math_exports = /* @__PURE__ */ __exportAll({
	extractMathAnswer: () => extractMathAnswer,
	mathAnswerPostprocess: () => mathAnswerPostprocess,
	mathPostprocess: () => mathPostprocess,
	mathPostprocessV2: () => mathPostprocessV2
});
function boxCompat(text) {
	const box = lastBoxCompat(text);
	if (box === void 0) return void 0;
	const inner = /^\{([^\n]*)\}\n?$/.exec(box.content)?.[1] ?? box.content;
	return inner === "" ? void 0 : {
		answer: inner,
		rule: "boxed",
		span: [box.start, box.end]
	};
}
function firstPiece(text, mark) {
	let start = 0;
	for (const piece of text.split(".")) {
		if (mark.test(piece.toLowerCase())) return normalized(piece, "final-answer", start);
		start += piece.length + 1;
	}
	return normalized(text.split(".")[0] ?? "", "first-sentence", 0);
}
function normalized(piece, rule, start) {
	const answer = normalizeFinalAnswer(piece);
	return answer === "" ? void 0 : {
		answer,
		rule,
		span: [start, start + piece.length]
	};
}
function lastBoxes(text) {
	const boxes = boxesOf(text).filter(({ content }) => content.trim() !== "");
	const last = boxes.at(-1);
	if (last === void 0) return void 0;
	let first = boxes.length - 1;
	while (boxes.length - first < MOST_BOXES && isOneAnswer(text, boxes[first - 1], boxes[first])) first--;
	const contents = [];
	for (const { content } of boxes.slice(first)) if (!contents.some((other) => compareMath(other, content).isEqual)) contents.push(content.trim());
	if (contents.length === 1) return found$1(last, "boxed");
	return {
		answer: contents.join(", "),
		rule: "boxes",
		span: [boxes[first].start, last.end]
	};
}
function isOneAnswer(text, box, next) {
	return box !== void 0 && BETWEEN_BOXES.test(text.slice(box.end, opening(text, next)));
}
function opening(text, { start }) {
	return text.lastIndexOf("\\", start - 1);
}
function found$1({ content, start }, rule) {
	const answer = content.trim();
	const from = start + content.length - content.trimStart().length;
	return answer === "" ? void 0 : {
		answer,
		rule,
		span: [from, from + answer.length]
	};
}
function lastStated(text) {
	for (const { 0: mark, index } of [...text.matchAll(STATED$1)].reverse()) {
		const rule = /is\b|[是为為]/i.test(mark) ? "answer-is" : "answer-line";
		LEAD$1.lastIndex = index + mark.length;
		const answer = statedAt$1(text, LEAD$1.exec(text) === null ? index + mark.length : LEAD$1.lastIndex);
		const extraction = answer && found$1(answer, rule);
		if (extraction !== void 0) return extraction;
	}
}
/** The formula that begins at a place; else the rest of its sentence, or what in it is the answer. */
function statedAt$1(text, start) {
	const rest = text.slice(start, start + LONGEST_STATED);
	const [line = ""] = rest.split("\n");
	const sentence = line.slice(0, SENTENCE_END.exec(line)?.index ?? line.length);
	const formulas = formulasOf(rest).filter((formula) => formula.start < Math.max(line.length, 3));
	const words = wordsOf$4(sentence);
	const stretch = (part, from) => ({
		content: part,
		start: start + from,
		end: start + from + part.length
	});
	if (words === 0 && formulas.length > 1) return stretch(sentence, 0);
	const formula = formulas.find((one) => one.start <= 2) ?? (words > 0 ? formulas.at(-1) : void 0);
	if (formula !== void 0) return stretch(formula.content, formula.start);
	if (words <= 5) return stretch(sentence, 0);
	const number = findNumbers(sentence).at(-1);
	return number && stretch(sentence.slice(number.start, number.end), number.start);
}
/** Words of prose in a text: names of functions and commands are none. */
function wordsOf$4(text) {
	return (text.replace(/\\[a-zA-Z]+\s*(?:\{[^{}]*\})?/g, " ").match(/[\p{L}']{3,}/gu) ?? []).filter((word) => !/^(?:sqrt|sin|cos|tan|cot|sec|csc|log|exp|arc\w+|and|inf|infinity)$/i.test(word)).length;
}
/** A text of one line without prose, or of one word: a model that answers with nothing else. */
function wholeFormula(text) {
	const line = text.trim();
	if (line === "" || line.length > LONGEST_WHOLE || line.includes("\n")) return void 0;
	if (line.split("{").length !== line.split("}").length) return void 0;
	const isOneWord = /^[\p{L}'’-]+[.!]?$/u.test(line);
	const isSomething = /[\p{L}\p{N}\\]/u.test(line.replace(/\\(?:f?boxed|fbox)\s*\{\s*\}/g, ""));
	if (!isOneWord && (wordsOf$4(line) > 0 || !isSomething)) return void 0;
	return found$1({
		content: text,
		start: 0,
		end: text.length
	}, "whole");
}
function lastFormula(text) {
	const last = formulasOf(text).findLast(({ content }) => content.trim() !== "");
	return last && found$1(last, "last-math");
}
function lastNumber$1(text) {
	const last = findNumbers(text).at(-1);
	return last && {
		answer: last.value,
		rule: "last-number",
		span: [last.start, last.end]
	};
}
var extractMathAnswer, mathPostprocess, mathPostprocessV2, mathAnswerPostprocess, BETWEEN_BOXES, MOST_BOXES, STATED$1, LEAD$1, LONGEST_STATED, SENTENCE_END, LONGEST_WHOLE;
var init_extract_math = __esmMin((() => {
	init_numbers$1();
	init_boxed();
	init_math_equal();
	init_minerva();
	extractMathAnswer = (text) => lastBoxes(text) ?? lastStated(text) ?? wholeFormula(text) ?? lastFormula(text) ?? lastNumber$1(text);
	mathPostprocess = {
		name: "math_postprocess",
		compat: (text) => firstPiece(text, /final answer/),
		fixed: extractMathAnswer,
		none: ""
	};
	mathPostprocessV2 = {
		name: "math_postprocess_v2",
		compat: (text) => boxCompat(text) ?? firstPiece(text, /final answer|answer is/),
		fixed: extractMathAnswer,
		none: ""
	};
	mathAnswerPostprocess = {
		name: "math_answer_postprocess",
		compat: extractMathAnswer,
		fixed: extractMathAnswer,
		none: ""
	};
	BETWEEN_BOXES = /^\}?(?:[ $,;{}]|\\[()]|\\text(?=\{)|\\quad|\band\b|\bor\b){1,40}$/;
	MOST_BOXES = 20;
	STATED$1 = /(?<![a-z])answer(?:\s+(?:to|for|of)\b[^.\n:]{0,60}?)?[*_]*(?:\s+is\b\s*[:：]?|\s*[:：=])|答案\s*(?:[是为為]\s*[:：]?|[:：])/gi;
	LEAD$1 = /(?:[\s*_>]|(?<!\\)`)*/y;
	LONGEST_STATED = 2e3;
	SENTENCE_END = /[.。](?=\s|$)|[*_`]*$/;
	LONGEST_WHOLE = 300;
}));
// src/evaluate/extract-gsm8k.ts
var extract_gsm8k_exports = /* @__PURE__ */ __exportAll({
	gsm8kDatasetPostprocess: () => gsm8kDatasetPostprocess,
	gsm8kPostprocess: () => gsm8kPostprocess
});
/** Text after the first `#### `, commas removed; a text without that mark is a number already. */
function gsm8kDatasetPostprocess(gold) {
	return (gold.split("#### ")[1] ?? gold).replaceAll(",", "").trim();
}
/** The last number before the first `Question:`, with Python's meaning of a digit. */
function extractCompat$1(text) {
	const [head = ""] = text.split("Question:");
	const last = [...head.matchAll(/-?\p{Nd}+\.\p{Nd}+|-?\p{Nd}+/gu)].at(-1);
	if (last === void 0) return void 0;
	return {
		answer: last[0],
		rule: "last-number",
		span: [last.index, last.index + last[0].length]
	};
}
/**
* The last thing that says it is the answer (`\boxed{N}`, `#### N`, `answer is N`), else the last number. A model that goes
* on with a next `Question:` is read up to there, unless there is no number before it: then it repeated the question.
*/
function extractFixed$1(text) {
	const own = beforeNextQuestion(text);
	return extractFrom(own) ?? (own === text ? void 0 : extractFrom(text));
}
function beforeNextQuestion(text) {
	for (const { index } of text.matchAll(/^[ \t>*#_]*Question\s*:/gm)) {
		const head = text.slice(0, index);
		if (head.trim() !== "") return head;
	}
	return text;
}
function extractFrom(text) {
	const [latest] = [
		lastBoxed(text),
		lastHashes(text),
		lastAnswerIs(text)
	].filter((found) => found !== void 0).sort((a, b) => b.span[0] - a.span[0]);
	return latest ?? lastNumber(text);
}
/** The last number of a box; one in `\text{…}` counts only where there is no other. */
function boxedNumber(content) {
	return findNumbers(content.replace(/\\(?:text|mathrm)\s*\{[^{}]*\}/g, (words) => " ".repeat(words.length))).at(-1) ?? findNumbers(content).at(-1);
}
function insideBraces(text) {
	if (!text.includes("}")) return void 0;
	let depth = 1;
	for (let i = 0; i < text.length; i++) if (text[i] === "\\") i++;
	else if (text[i] === "{") depth++;
	else if (text[i] === "}" && --depth === 0) return text.slice(0, i);
}
/**
* Whether a number after `answer is` or `Answer:` is the result, and not where its calculation or a list begins. After a
* mere colon a whole solution may follow, so there no other number may come in the same paragraph.
*/
function isStated(rest, lead) {
	const [sentence = ""] = rest.split(/\n|[.。](?!\p{Nd})/u);
	if (/^\s*[-+−*/×÷·x]\s*[$\p{Nd}(]|^\s*[\^]|=|\\times|\\div|\\cdot/u.test(sentence)) return false;
	if (lead.includes("\n") && /^[.)]\s/.test(rest)) return false;
	if (HAS_VERB.test(lead)) return true;
	const [paragraph = ""] = rest.split(/\n\s*\n/);
	return findNumbers(paragraph).length === 0;
}
function lastMarked(text, mark, rule, accepts) {
	let last;
	for (const { 0: lead, index } of text.matchAll(mark)) {
		const number = numberAt(text, index + lead.length);
		if (number && accepts(text.slice(number.end, number.end + LOOK_BEHIND_NUMBER), lead)) last = {
			answer: number.value,
			rule,
			span: [number.start, number.end]
		};
	}
	return last;
}
var gsm8kPostprocess, lastNumber, LONGEST_BOX, lastBoxed, LEAD, HASHES, CLOSING$2, ENDS_LINE$1, lastHashes, VERB, ABOUT$1, ANSWER, ANSWER_IS$2, HAS_VERB, lastAnswerIs, LOOK_BEHIND_NUMBER;
var init_extract_gsm8k = __esmMin((() => {
	init_numbers$1();
	gsm8kPostprocess = {
		name: "gsm8k_postprocess",
		compat: extractCompat$1,
		fixed: extractFixed$1,
		none: "NULL"
	};
	lastNumber = (text) => {
		const last = findNumbers(text).at(-1);
		return last && {
			answer: last.value,
			rule: "last-number",
			span: [last.start, last.end]
		};
	};
	LONGEST_BOX = 300;
	lastBoxed = (text) => {
		for (const { 0: opening, index } of [...text.matchAll(/\\f?boxed\s*\{/g)].reverse()) {
			const start = index + opening.length;
			const number = boxedNumber(insideBraces(text.slice(start, start + LONGEST_BOX)) ?? "");
			if (number === void 0) continue;
			return {
				answer: number.value,
				rule: "boxed",
				span: [start + number.start, start + number.end]
			};
		}
	};
	LEAD = String.raw`(?:[\s:：*_\x60"'(\[{=≈~$€£¥￥₹]|\\[([$])*`;
	HASHES = new RegExp(`#{4,}${LEAD}`, "g");
	CLOSING$2 = String.raw`(?:[\s.*_\x60"')\]}$%]|\\[)\]%$])*`;
	ENDS_LINE$1 = new RegExp(String.raw`^(?:[ \t]?\p{L}+)?${CLOSING$2}(?:\n|$)`, "u");
	lastHashes = (text) => lastMarked(text, HASHES, "hashes", (rest) => ENDS_LINE$1.test(rest));
	VERB = String.raw`(?:is|equals|(?:would|should|must|will)\s+be)\b`;
	ABOUT$1 = String.raw`(?:\s+(?:to|for|of|in)\b[^\p{Nd}\n.!?]{0,60}?)?`;
	ANSWER = String.raw`(?<!\bto\s)\banswer\b[*_]*(?:\s*[:：=]|${ABOUT$1}\s+${VERB})|答案[^\p{Nd}\n。]{0,10}?[是为為:：=]`;
	ANSWER_IS$2 = new RegExp(String.raw`(?:${ANSWER})${LEAD}(?=[-−.]?\p{Nd}|[-−]|\\[dt]?frac)`, "giu");
	HAS_VERB = new RegExp(`${VERB}|[是为為]`, "iu");
	lastAnswerIs = (text) => lastMarked(text, ANSWER_IS$2, "answer-is", isStated);
	LOOK_BEHIND_NUMBER = 400;
}));
// src/evaluate/python-text.ts
/** Where the text without the space around it stands: first character, and the one after the last. */
function strippedSpan(text) {
	let [start, end] = [0, text.length];
	while (start < end && SPACE$1.test(text[start])) start++;
	while (end > start && SPACE$1.test(text[end - 1])) end--;
	return [start, end];
}
/** `text.strip()`. */
function pythonStrip(text) {
	return text.slice(...strippedSpan(text));
}
/** `char.isupper()` of one character: a capital of any script, and those that are no letters (`Ⅰ`, `Ⓐ`). */
function isPythonUpper(char) {
	return UPPER.test(char);
}
/** `repr(value)` of a float: `5.0`, `1e+16`, `1e-05`, `inf`. */
function pythonFloatRepr(value) {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	if (Object.is(value, -0)) return "-0.0";
	const [digits = "", power = "0"] = value.toExponential().split("e");
	const exponent = Number(power);
	if (value !== 0 && (exponent < -4 || exponent >= 16)) return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
	const plain = String(value);
	return plain.includes(".") ? plain : `${plain}.0`;
}
var PYTHON_SPACE, PYTHON_WORD, SPACE$1, UPPER;
var init_python_text$1 = __esmMin((() => {
	PYTHON_SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
	PYTHON_WORD = String.raw`\p{L}\p{N}_`;
	SPACE$1 = new RegExp(`[${PYTHON_SPACE}]`);
	new RegExp(`[${PYTHON_SPACE}]+`);
	UPPER = /^\p{Uppercase}$/u;
}));
// src/evaluate/choice/config-keys.ts
/** The error for a key that is wrong. `key` with the part it belongs to: `pred_postprocessor.options`. */
function badKey(key, value, wanted) {
	const given = value === void 0 ? "is missing" : `is ${JSON.stringify(value) ?? String(value)}`;
	return new AisBenchError("UTILS-CFG-002", `${key} ${given}`, {
		where: `eval_cfg.${key}`,
		cure: `give ${wanted}`
	});
}
/** Refuses keys that the part has not, which are mistyped more often than not. Throws UTILS-CFG-002. */
function onlyKeys(keys, part, known) {
	const unknown = Object.keys(keys).find((key) => !known.includes(key));
	if (unknown === void 0) return;
	throw badKey(`${part}.${unknown}`, keys[unknown], known.length === 0 ? "no such key" : `only: ${known.join(", ")}`);
}
/** The letters that may be chosen, as `'ABCD'` or `['A', 'B', 'C', 'D']`. Throws UTILS-CFG-002. */
function lettersIn$1(keys, part) {
	const given = keys["options"];
	const letters = Array.isArray(given) ? given.join("") : given;
	if (typeof letters === "string" && /^[A-Z]+$/.test(letters)) return letters;
	throw badKey(`${part}.options`, given, "capital letters, as 'ABCD'");
}
var init_config_keys = __esmMin((() => {
	init_errors$1();
}));
// src/evaluate/python-regex.ts
/**
* Has the flags `d` and `v` besides. Throws UTILS-CFG-002 for what Python refuses, and for what is not read here: flags
* other than `i`, `m`, `s`, `u`, flags of a part, conditions, atomic groups, possessive repeats.
*/
function pythonRegex(pattern, options = {}) {
	const { flags = "", where = "the pattern" } = options;
	const refuse = (why, cause) => new AisBenchError("UTILS-CFG-002", `${where}: the pattern ${JSON.stringify(pattern)} is not read: ${why}`, {
		where,
		cure: "write it with the parts that Python's re and JavaScript share, flags as (?i), (?m) or (?s) at its start",
		cause
	});
	const inline = /^\(\?([a-zA-Z]+)\)/.exec(pattern);
	const own = inline?.[1] ?? "";
	const unknown = /[^imsu]/.exec(own)?.[0];
	if (unknown !== void 0) throw refuse(`flag ${unknown}`);
	const reader = new Reader$1(pattern, inline?.[0].length ?? 0, {
		ignoreCase: own.includes("i"),
		multiline: own.includes("m"),
		dotAll: own.includes("s") || options.dotAll === true
	});
	try {
		return new RegExp(reader.read(), `dv${own.includes("i") ? "i" : ""}${flags}`);
	} catch (cause) {
		throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
	}
}
function holds$2(from, to, char) {
	return from !== void 0 && to !== void 0 && from <= char && char <= to;
}
/** A character that means itself, inside of a class and outside. */
function escaped$1(char) {
	const code = char.codePointAt(0);
	return /[A-Za-z0-9]/.test(char) || code > 127 ? char : `\\x${code.toString(16).padStart(2, "0")}`;
}
var WORD$2, END$1, PLACES$3, CLASSES, CONTROL, OTHER_I, Reader$1;
var init_python_regex = __esmMin((() => {
	init_errors$1();
	init_python_text$1();
	WORD$2 = `[${PYTHON_WORD}]`;
	END$1 = "(?![^])";
	PLACES$3 = {
		A: "(?<![^])",
		Z: END$1,
		b: `(?:(?<=${WORD$2})(?!${WORD$2})|(?<!${WORD$2})(?=${WORD$2}))`,
		B: `(?:(?<=${WORD$2})(?=${WORD$2})|(?<!${WORD$2})(?!${WORD$2}))`
	};
	CLASSES = {
		d: String.raw`\p{Nd}`,
		D: String.raw`\P{Nd}`,
		w: WORD$2,
		W: `[^${PYTHON_WORD}]`,
		s: `[${PYTHON_SPACE}]`,
		S: `[^${PYTHON_SPACE}]`
	};
	CONTROL = {
		a: "\x07",
		f: "\f",
		n: "\n",
		r: "\r",
		t: "	",
		v: "\v"
	};
	OTHER_I = String.raw`\u0130\u0131`;
	Reader$1 = class {
		#pattern;
		#flags;
		#at;
		constructor(pattern, start, flags) {
			this.#pattern = pattern;
			this.#at = start;
			this.#flags = flags;
		}
		read() {
			let made = "";
			while (this.#at < this.#pattern.length) made += this.#part();
			return made;
		}
		#part() {
			const char = this.#next();
			if (char === "\\") return this.#escape();
			if (char === "[") return this.#class();
			if (char === "(") return this.#group();
			if (char === "{") return this.#repeat();
			if (char === ".") return this.#flags.dotAll ? "[^]" : String.raw`[^\n]`;
			if (char === "^") return this.#flags.multiline ? String.raw`(?<![^\n])` : PLACES$3["A"];
			if (char === "$") return this.#flags.multiline ? String.raw`(?![^\n])` : String.raw`(?=\n?${END$1})`;
			return /[)|*+?]/.test(char) ? char : this.#literal(char);
		}
		#next() {
			const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
			this.#at += char.length;
			return char;
		}
		/** Takes what a sticky expression finds here. */
		#take(expression) {
			const sticky = new RegExp(expression, "y");
			sticky.lastIndex = this.#at;
			const found = sticky.exec(this.#pattern);
			if (found !== null) this.#at += found[0].length;
			return found;
		}
		#literal(char) {
			return this.#flags.ignoreCase && /[iI]/.test(char) ? `[i${OTHER_I}]` : escaped$1(char);
		}
		#group() {
			if (this.#pattern[this.#at] !== "?") return "(";
			const [, name] = this.#take(/\?P<(\w+)>/) ?? [];
			if (name !== void 0) return `(?<${name}>`;
			const [, known] = this.#take(/\?P=(\w+)\)/) ?? [];
			if (known !== void 0) return `\\k<${known}>`;
			if (this.#take(/\?#[^)]*\)/) !== null) return "";
			const [kind] = this.#take(/\?(?:[:=!]|<[=!])/) ?? [];
			if (kind === void 0) throw new Error(`(${this.#pattern.slice(this.#at, this.#at + 3)}`);
			return `(${kind}`;
		}
		#repeat() {
			const [, least, rest] = this.#take(/(\d*)(,\d*)?\}/) ?? [];
			if (least === void 0) return escaped$1("{");
			if (least === "" && rest === void 0) return `${escaped$1("{")}${escaped$1("}")}`;
			return `{${least === "" ? "0" : least}${rest ?? ""}}`;
		}
		#escape() {
			const back = this.#take(/[1-9]\d?(?!\d)/);
			if (back !== null) return `(?:\\${back[0]})`;
			const [place] = this.#take(/[AZbB]/) ?? [];
			if (place !== void 0) return PLACES$3[place];
			const [set] = this.#take(/[dDwWsS]/) ?? [];
			return set === void 0 ? this.#literal(this.#escapedChar()) : CLASSES[set];
		}
		#escapedChar() {
			const [, ...codes] = this.#take(/x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/) ?? [];
			const hex = codes.find((code) => code !== void 0);
			if (hex !== void 0) return String.fromCodePoint(Number.parseInt(hex, 16));
			const octal = this.#take(/0[0-7]{0,2}|[1-3][0-7]{2}/);
			if (octal !== null) return String.fromCodePoint(Number.parseInt(octal[0], 8));
			if (this.#at >= this.#pattern.length) throw new Error("it ends with a backslash");
			const char = this.#next();
			if (CONTROL[char] !== void 0) return CONTROL[char];
			if (/[A-Za-z0-9]/.test(char)) throw new Error(`\\${char}`);
			return char;
		}
		#class() {
			const isNegated = this.#take(/\^/) !== null;
			const items = [];
			let holdsI = false;
			for (let isFirst = true; isFirst || this.#pattern[this.#at] !== "]"; isFirst = false) {
				if (this.#at >= this.#pattern.length) throw new Error("a [ is not closed");
				const from = this.#classItem();
				const isRange = from.char !== void 0 && this.#take(/-(?!\])/) !== null;
				const to = isRange ? this.#classItem() : from;
				if (to.char === void 0 && isRange) throw new Error("a range that ends with a set");
				holdsI ||= holds$2(from.char, to.char, "i") || holds$2(from.char, to.char, "I");
				items.push(isRange ? `${from.made}-${to.made}` : from.made);
			}
			this.#at++;
			return `[${isNegated ? "^" : ""}${items.join("")}${this.#flags.ignoreCase && holdsI ? OTHER_I : ""}]`;
		}
		#classItem() {
			const char = this.#next();
			if (char !== "\\") return {
				made: escaped$1(char),
				char
			};
			const [set] = this.#take(/[dDwWsS]/) ?? [];
			if (set !== void 0) return { made: CLASSES[set] };
			const own = this.#take(/b/) === null ? this.#escapedChar() : "\b";
			return {
				made: escaped$1(own),
				char: own
			};
		}
	};
}));
/**
* The first letter, in the order of `letters`, that stands in what the first matching turn captured; where none does, the
* next turn is tried. `cushion: false` leaves out the last two turns.
*/
function firstOption(letters, { cushion = true } = {}) {
	const rules = turns$1(cushion).map((turn) => ({
		rule: `first-option ${turn}`,
		find: finderOf(turn, letters)
	}));
	return (original) => {
		const [lead, end] = strippedSpan(original);
		const text = original.slice(lead, end);
		for (const { rule, find } of rules) {
			const found = find(text);
			const letter = found && letterIn(text.slice(...found), letters);
			if (letter !== void 0) return extraction$1(letter, rule, lead + found[0] + letter.at);
		}
	};
}
function turns$1(cushion) {
	return cushion ? [...TURNS, ...CUSHION] : TURNS;
}
function filled$2(turn, letters) {
	return turn.replaceAll("@", `([${letters}])`).replaceAll("#", `[${letters}]`);
}
function letterIn(part, letters) {
	const letter = [...letters].find((one) => part.includes(one));
	return letter === void 0 ? void 0 : {
		letter,
		at: part.indexOf(letter)
	};
}
function extraction$1({ letter }, rule, start) {
	return {
		answer: letter,
		rule,
		span: [start, start + 1]
	};
}
function finderOf(turn, letters) {
	const [before = "", after] = turn.split("…");
	if (after !== void 0) return laterBox(before, filled$2(after, letters));
	if (turn.endsWith("~")) return wordAfter(turn.slice(0, -1));
	const pattern = pythonRegex(filled$2(turn, letters), { dotAll: true });
	return (text) => capturedBy(pattern, text);
}
function capturedBy(pattern, text) {
	const [whole, captured] = pattern.exec(text)?.indices ?? [];
	return captured !== void 0 && captured[1] > captured[0] ? captured : whole;
}
/**
* `before.*?after`: the first place of `after` behind the first of `before`. As one expression it would look through the
* rest of the text again from each `before`.
*/
function laterBox(before, after) {
	const first = pythonRegex(before);
	const next = pythonRegex(after, { flags: "g" });
	return (text) => {
		const start = first.exec(text)?.indices?.[0]?.[1];
		if (start === void 0) return void 0;
		next.lastIndex = start;
		return capturedBy(next, text);
	};
}
/** `prefix\s?(\S+)(?:。|$)` in one pass: a run of characters without space is looked at once, however often it has the prefix. */
function wordAfter(prefix) {
	return (text) => {
		for (let at = text.indexOf(prefix); at !== -1;) {
			const behind = at + prefix.length;
			const start = runEnd(text, behind) === behind ? behind + 1 : behind;
			const end = runEnd(text, start);
			if (end === text.length && end > start) return [start, end];
			const stop = text.slice(start, end).lastIndexOf("。");
			if (stop > 0) return [start, start + stop];
			at = text.indexOf(prefix, Math.max(behind, end - prefix.length));
		}
	};
}
/** Where the characters without space that begin at a position end. */
function runEnd(text, start) {
	if (start >= text.length) return text.length;
	SPACE_OR_END.lastIndex = start;
	return SPACE_OR_END.exec(text)?.index ?? text.length;
}
var TURNS, CUSHION, SPACE_OR_END;
var init_first_option = __esmMin((() => {
	init_python_regex();
	init_python_text$1();
	TURNS = String.raw`
答案是?\s*@
答案是?\s*：\s*@
答案是?\s*:\s*@
答案选项应?该?是\s*@
答案选项应?该?为\s*@
答案应该?是\s*@
答案应该?选\s*@
答案选项为?\s*：\s*@
答案选项为?\s+\(?\*?\*?@\*?\*?\)?
答案选项是?\s*:\s*@
答案为\s*@
答案选\s*@
选择?\s*@
故选?\s*@只有选?项?\s?@\s?是?对
只有选?项?\s?@\s?是?错
只有选?项?\s?@\s?不?正确
只有选?项?\s?@\s?错误
说法不?对选?项?的?是\s?@
说法不?正确选?项?的?是\s?@
说法错误选?项?的?是\s?@
@\s?是正确的
@\s?是正确答案
选项\s?@\s?正确
所以答\s?@
所以\s?(#[.。$]?$)
所有\s?(#[.。$]?$)
[\s，：:,]@[。，,\.]?$
[\s，,：:][故即]@[。\.]?$
[\s，,：:]因此@[。\.]?$
[是为。]\s?@[。\.]?$
因此\s?@[。\.]?$
显然\s?@[。\.]?$
答案是~
答案应该是~
答案为~
(?i)ANSWER\s*:\s*@
[Tt]he answer is:?\s+\(?@\)?
[Tt]he answer is:?\s+\(?\*?\*?@\*?\*?\)?
[Tt]he answer is option:?\s+\(?@\)?
[Tt]he correct answer is:?\s+\(?@\)?
[Tt]he correct answer is option:?\s+\(?@\)?
[Tt]he correct answer is:?…boxed{@}
[Tt]he correct option is:?…boxed{@}
[Tt]he correct answer option is:?…boxed{@}
[Tt]he answer to the question is:?\s+\(?@\)?
^选项\s?@
^@\s?选?项
(\s|^)#[\s。，,：:\.$]
1.\s?(.*?)$
1.\s?@[.。$]?$
`.trim().split("\n");
	CUSHION = ["@:", "@"];
	SPACE_OR_END = new RegExp(`[${PYTHON_SPACE}]|$`, "g");
}));
// src/evaluate/choice/letter-at.ts
/**
* Whether an option's letter stands at a place of a text, and stands there as an option: not as a word of a sentence, a
* variable of a formula, the beginning of a name or one of several.
*/
/** The text of the reader: full-width and circled letters and signs as ASCII, one for one, so that places stay. */
function plainText(text) {
	return text.replace(/[\u24b6-\u24cf\uff01-\uff5e]/g, (char) => {
		const code = char.charCodeAt(0);
		return String.fromCharCode(code >= 65281 ? code - 65248 : code - 9398 + 65);
	});
}
function lettersOf$1(all) {
	const close = String.raw`^[\s)*\]"'}]*`;
	const open = String.raw`\s*(?:[Oo]ption\s+|[Cc]hoice\s+|选项)?[("'*[]*`;
	const joined = String.raw`(?:and|or|&|和|或|及|与|以及)${open}[${all}](?!(?!${HAN})[\p{L}\p{N}'’]|\s+(?:is|was|seems)\b)`;
	const listed = String.raw`[,、/]${open}[${all}](?=[\s)"'*\]]*(?:[,.、;。]|and\b|or\b|和|或|\n|$))`;
	return {
		all,
		another: new RegExp(`${close}(?:${joined}|${listed})`, "u")
	};
}
/** Where the letter behind a turn of phrase that ends at `place` would stand. */
function skipDress(text, place) {
	let at = skip(DRESS, text, place);
	for (let words = 0; words < 4; words++) {
		const next = skip(DRESS, text, skip(WORDS, text, at));
		if (next === at) break;
		at = next;
	}
	return at;
}
/** The one letter behind a turn of phrase that ends at `place`. */
function letterBehind(text, place, letters) {
	const found = optionAt(text, skipDress(text, place), letters);
	if (found === void 0) return void 0;
	return letters.another.test(text.slice(found.at + 1, found.at + 1 + LOOK_BEHIND)) ? void 0 : found;
}
function skip(sticky, text, at) {
	sticky.lastIndex = at;
	return sticky.test(text) ? sticky.lastIndex : at;
}
/** The option whose letter stands exactly at a place. */
function optionAt(text, at, { all }) {
	const char = text[at];
	if (char === void 0 || !/[A-Za-z]/.test(char)) return void 0;
	const letter = char.toUpperCase();
	const behind = text.slice(at + 1, at + 1 + LOOK_BEHIND);
	if (!all.includes(letter) || GOES_ON.test(behind) || FORMULA.test(behind)) return void 0;
	if (char !== letter && !CLOSED.test(behind)) return void 0;
	return /[AI]/.test(char) && BEFORE_A_WORD.test(behind) && !CONNECTORS.test(behind) ? void 0 : {
		letter,
		at
	};
}
var HAN, LOOK_BEHIND, DRESS, WORDS, GOES_ON, FORMULA, CONNECTORS, BEFORE_A_WORD, CLOSED;
var init_letter_at = __esmMin((() => {
	HAN = String.raw`\p{Script=Han}`;
	LOOK_BEHIND = 80;
	DRESS = /(?:[\s*_"'“”‘’`([{【「『<《$:,>-]|\\[([]|\\(?:f?boxed|text\w*|math\w*|bf|rm)\b\{?)*/uy;
	WORDS = /(?:(?:the\s+)?(?:option|choice|letter|statement|answer)s?|most\s+likely|(?:most\s+)?probably|likely|definitely|clearly|indeed|simply|actually|still|therefore|thus|hence|i\s+(?:think|believe|would\s+say)|it\s+is|it's|that|is)(?![\p{L}\p{N}'’])[\s,:]*|选项|选择|选|应该是|应为|应是|是|为/iuy;
	GOES_ON = new RegExp(String.raw`^(?:(?!${HAN})[\p{L}\p{N}+#^&]|['’]\p{L}|_[\p{L}\p{N}{]|-[\p{L}\p{N}])`, "u");
	FORMULA = /^\s*(?:[=≤≥≠+×÷/]|<(?![/|a-z])|\*(?=[\p{L}\p{N}(])|\\(?!text|quad|[)\],; ]))/u;
	CONNECTORS = /^[ \t]+(?:because|since|as|and|or|with|for|which|due|given|based|in|from|according|if|when|but|while|so|not|rather|where|is|that|by|on|here|this|the)\b/;
	BEFORE_A_WORD = /^[ \t]+["'“]?(?!\p{Script=Han})\p{L}/u;
	CLOSED = /^["'”’]?(?:[)\]}*]|[.,;:。]?\s*(?:\n|$))/u;
}));
// src/evaluate/choice/statements.ts
/** A turn whose letter comes behind it. */
function before(rule, mark, accepts = () => true) {
	return (text, letters) => [...text.matchAll(mark)].flatMap(({ 0: words, index }) => {
		const letter = letterBehind(text, index + words.length, letters);
		return letter !== void 0 && accepts(text, letter, index) ? [{
			...letter,
			rule
		}] : [];
	});
}
/** Where such turns of phrase end, the last first. */
function outrightPlaces(text) {
	return OUTRIGHT.flatMap(([rule, mark]) => [...text.matchAll(mark)].map(({ 0: words, index }) => ({
		rule,
		place: index + words.length
	}))).sort((a, b) => b.place - a.place);
}
/** The last that says outright what the answer is. */
function outright(text, letters) {
	return latestOf(OUTRIGHT_TURNS, text, letters);
}
/** The last that says so in passing. */
function inPassing(text, letters) {
	return latestOf(IN_PASSING, text, letters);
}
function latestOf(turns, text, letters) {
	let latest;
	for (const found of turns.flatMap((turn) => turn(text, letters))) if (latest === void 0 || found.at > latest.at) latest = found;
	return latest;
}
/** Lines that are a letter and nothing else: `B`, `**(B)**`, `Option B.`. */
function bareLines(text, letters) {
	return lettersIn(text, new RegExp(`^${BULLET}${NAMED$1}([${letters.all}])${BARE_END}`, "dgmu"), "bare-letter");
}
/**
* Lines that begin with a letter as the label of an option that is not called wrong: `B. …`, `(B) …`, `B - …`. `A:` may be the
* turn of a speaker.
*/
function labels(text, letters) {
	return lettersIn(text, new RegExp(String.raw`^${BULLET}([${letters.all}])[*_"']{0,3}(?:[.)\]】、]|:(?!\s*(?:Let|let|\n))|[ \t]+[-–—][ \t])`, "dgmu"), "label").filter(({ at }) => !WRONG.test(text.slice(at + 1, at + LOOK)));
}
/** Letters in bold, alone or with their option's text. */
function boldLetters(text, letters) {
	return lettersIn(text, new RegExp(String.raw`\*\*[ \t]*(?:(?:[Oo]ption|[Cc]hoice)[ \t]+|选项)?[("]{0,2}([${letters.all}])[)"]{0,2}(?:[.:、)][^*\n]{0,200})?[ \t]*\*\*`, "dgu"), "bold");
}
function lettersIn(text, pattern, rule) {
	return [...text.matchAll(pattern)].flatMap(({ 1: letter = "", indices }) => {
		const at = indices?.[1]?.[0];
		return at === void 0 ? [] : [{
			letter,
			at,
			rule
		}];
	});
}
/** Letters that are mentioned as options and not called wrong. `A` and `I` only where they cannot be a word. */
function mentions(text, letters) {
	return [...text.matchAll(new RegExp(`[${letters.all}]`, "g"))].flatMap(({ 0: letter, index }) => {
		const ahead = text.slice(Math.max(0, index - LOOK), index);
		const behind = text.slice(index + 1, index + LOOK);
		if (/(?:(?!\p{Script=Han})[\p{L}\p{N}]|[_\\'’-])$/u.test(ahead)) return [];
		if (optionAt(text, index, letters) === void 0) return [];
		if (/[AI]/.test(letter) && !OPENED.test(ahead) && !SHUT.test(behind)) return [];
		return WRONG.test(behind) || NOT.test(ahead) ? [] : [{
			letter,
			at: index,
			rule: "mention"
		}];
	});
}
var IS, ABOUT, CORRECT, NOUN, ANSWER_IS$1, DA_AN, CORRECT_OPTION, SO_CHOOSE, BOXED, OUTRIGHT, OUTRIGHT_TURNS, CHOOSE, XUAN, SO, NEVER, ENDS, isMeant, isLast, DRESSED_END, RIGHT, RIGHT_CN, IF, isRight, IN_PASSING, BULLET, NAMED$1, BARE_END, LOOK, OPENED, SHUT, WRONG, NOT;
var init_statements$1 = __esmMin((() => {
	init_letter_at();
	IS = String.raw`(?:is|are|was|equals|(?:should|would|must|will|could|has\s+to|can)(?:\s+(?:only|then|thus|therefore))?\s+be)`;
	ABOUT = String.raw`(?:\s+(?:to|for|of|in)\s[^\n.:?]{0,80}?)?`;
	CORRECT = "(?:correct|right|best|final|appropriate|closest|chosen)";
	NOUN = String.raw`(?:ans(?:wer)?(?:\s+(?:choice|option|letter))?|my\s+(?:choice|pick)|${CORRECT}\s+(?:option|choice|one|statement|selection|letter|response))`;
	ANSWER_IS$1 = new RegExp(String.raw`\b${NOUN}\b[*_"”]*(?:${ABOUT}(?:\s+${IS}\b|\s*[:=]|\s*-{0,2}[>→⇒])|[ \t:*_]*\n)`, "giu");
	DA_AN = /答案[^\n。;?A-Za-z不非错]{0,12}?(?:[是为為选選:=]|(?=["(*【「]{0,4}[A-Z]))/gu;
	CORRECT_OPTION = /正确的?(?:选项|选择|说法|答案)[^\n。;?A-Za-z不非错]{0,6}?[是为為:有]/gu;
	SO_CHOOSE = /(?:故|应|应该|应当|本题|此题|因此|所以|综上|最终)[^\n。;?A-Za-z不]{0,6}?(?:选择|选|選)/gu;
	BOXED = /\\f?boxed\s*\{/g;
	OUTRIGHT = [
		["answer-is", ANSWER_IS$1],
		["答案是", DA_AN],
		["正确选项", CORRECT_OPTION],
		["故选", SO_CHOOSE],
		["boxed", BOXED]
	];
	OUTRIGHT_TURNS = OUTRIGHT.map(([rule, mark]) => before(rule, mark));
	CHOOSE = /\b(?:choose|select|pick|go\s+with|choosing|selecting|chose|selected|picked)\b/giu;
	XUAN = /(?<![不可多单挑筛])选择?(?!项)/gu;
	SO = /\b(?:therefore|thus|hence|consequently|so)\b,?|(?:因此|所以|显然|综上)/giu;
	NEVER = /(?:not|n't|never|cannot|不|勿|别)\s*$/u;
	ENDS = /^["'”’]?\s*(?:[)\]}*.。]|\n|$)/u;
	isMeant = (text, _letter, start) => !NEVER.test(text.slice(Math.max(0, start - 12), start));
	isLast = (text, { at }) => ENDS.test(text.slice(at + 1, at + 8));
	DRESSED_END = String.raw`[)*"'\]}】]{0,4}`;
	RIGHT = String.raw`\s+(?:is|seems|(?:must|would|should)\s+be|appears\s+to\s+be)\s+(?:(?:therefore|thus|clearly|also|indeed|most\s+likely|the|only|most|best|a)\s+){0,3}(?:correct|right|best|answer|accurate|appropriate)\b`;
	RIGHT_CN = String.raw`\s?(?:选项|项)?\s?(?:是|为|最|才)?\s?(?:正确|对的|最佳|最合适|符合题意)(?!吗)`;
	IF = /(?:\b(?:if|whether)\b|如果|若|是否)\s*(?:option|choice|选项)?\s*["(*]{0,3}$/iu;
	isRight = (text, letters) => {
		const said = new RegExp(String.raw`(?<![\w'’\\-])[${letters.all}](?=${DRESSED_END}(?:${RIGHT}|${RIGHT_CN}))`, "gu");
		return [...text.matchAll(said)].filter(({ index }) => !IF.test(text.slice(Math.max(0, index - 30), index))).map(({ 0: letter, index }) => ({
			letter,
			at: index,
			rule: "is-correct"
		}));
	};
	IN_PASSING = [
		isRight,
		before("choose", CHOOSE, isMeant),
		before("选", XUAN, isMeant),
		before("so", SO, isLast)
	];
	BULLET = String.raw`[ \t*_#>"'(\[【「$-]{0,8}`;
	NAMED$1 = String.raw`(?:(?:[Oo]ption|[Cc]hoice|[Aa]nswer|选项|\\text|\\mathbf|\\boxed)[ \t:{]{0,3}[("*]{0,3})?`;
	BARE_END = String.raw`[ \t*_)\]】」}.。:"'$,]{0,8}$`;
	LOOK = 25;
	OPENED = /[(["【*]$|(?:[Oo]ption|[Cc]hoice|[Ll]etter|选项|[\p{Script=Han}])\s?$/u;
	SHUT = /^[)\]"】*.,;:。、]|^\p{Script=Han}|^\s*$/u;
	WRONG = /^[)*"'\]}】.]*\s*(?:选项|项)?\s*(?:(?:is|are|was|seems|也|都|是)\s+|是)?\s*(?:clearly\s+|also\s+)?(?:not\b|isn't|cannot|can't|doesn't|incorrect|inaccurate|wrong|false|错|不|排除)/u;
	NOT = /(?:\bnot|n't|\bneither|\bnor|不是|排除)\s+(?:be\s+)?(?:option\s+|choice\s+|选项)?["(*]{0,3}$/iu;
}));
// src/evaluate/choice/read-choice.ts
/** Finds the one letter of `all`, the options in upper case, that a text gives as its answer. */
function choiceReader(all) {
	const letters = lettersOf$1(all);
	return (text) => {
		return first(ownParts(plainText(text)), (part) => stated(part, letters) ?? mentioned(part, letters));
	};
}
/** The two halves of it, for who has something to try in between: what is stated, and the only letter that is mentioned. */
function choiceReaders(all) {
	const letters = lettersOf$1(all);
	return {
		stated: (text) => first(ownParts(plainText(text)), (part) => stated(part, letters)),
		mentioned: (text) => first(ownParts(plainText(text)), (part) => mentioned(part, letters))
	};
}
/** Finds all letters that a text gives as its answer, sorted: `B and D`, `BD`, `D, B` are BD. */
function choicesReader(all) {
	const letters = lettersOf$1(all);
	return (text) => first(ownParts(plainText(text)), (part) => severalIn(part, letters) ?? stated(part, letters));
}
function first(parts, read) {
	for (const part of parts) {
		const found = read(part);
		if (found !== void 0) return "span" in found ? found : extraction(found);
	}
}
function extraction({ letter, at, rule }) {
	return {
		answer: letter,
		rule,
		span: [at, at + 1]
	};
}
/**
* What a text says itself, then all of it. A model that was shown examples goes on with a next question and its answer, which
* is not asked for; but a text may also begin with the question again.
*/
function ownParts(text) {
	const [start] = strippedSpan(text);
	const next = [...text.matchAll(NEXT_QUESTION)].find(({ index }) => index > start)?.index;
	const list = BARE_FIRST_LINE.test(text) ? text.search(OPTION_LIST) : -1;
	const end = Math.min(next ?? text.length, list > start ? list : text.length);
	return end === text.length ? [text] : [text.slice(0, end), text];
}
function stated(text, letters) {
	const [start, end] = strippedSpan(text);
	const body = text.slice(start, end);
	const lastLine = start + body.lastIndexOf("\n") + 1;
	const firstEnd = start + (body.includes("\n") ? body.indexOf("\n") : body.length);
	const bare = bareLines(text, letters).filter(({ at }) => at >= lastLine || at < firstEnd);
	return outright(text, letters) ?? bare.at(-1) ?? smallLetter(text, start, end, letters) ?? onlyOne(labels(text, letters), ({ at }) => at < firstEnd) ?? inPassing(text, letters) ?? onlyOne(labels(text, letters)) ?? onlyOne(boldLetters(text, letters));
}
/** The text is one letter in lower case, as `b` or `(b).` */
function smallLetter(text, start, end, letters) {
	if (!/^[("*]{0,3}[a-z][)".*]{0,4}$/.test(text.slice(start, end))) return void 0;
	const at = start + text.slice(start, end).search(/[a-z]/);
	const letter = text[at].toUpperCase();
	return letters.all.includes(letter) ? {
		letter,
		at,
		rule: "bare-letter"
	} : void 0;
}
function mentioned(text, letters) {
	if (outrightPlaces(text).some(({ place }) => optionAt(text, skipDress(text, place), letters))) return void 0;
	const all = mentions(text, letters);
	const [start, end] = strippedSpan(text);
	const lastLine = start + text.slice(start, end).lastIndexOf("\n") + 1;
	const only = onlyOne(all) ?? onlyOne(all.filter(({ at }) => at >= lastLine));
	return only && {
		...only,
		rule: "only-letter"
	};
}
/** The last of them where all are the same letter, if it is where it should be. */
function onlyOne(found, isThere = () => true) {
	const [one] = found;
	if (one === void 0 || found.some(({ letter }) => letter !== one.letter)) return void 0;
	return found.findLast(isThere);
}
function severalIn(text, letters) {
	const [start] = strippedSpan(text);
	for (const { rule, place } of [...outrightPlaces(text), {
		rule: "letters",
		place: start
	}]) {
		const list = listAt(text, skipDress(text, place), letters);
		const [head, tail] = [list[0], list.at(-1)];
		if (head === void 0 || tail === void 0) continue;
		if (list.length === 1 && optionAt(text, head, letters) === void 0) continue;
		if (rule === "letters" && !ENDS_LINE.test(text.slice(tail + 1, tail + 20))) continue;
		return {
			answer: [...new Set(list.map((at) => text[at]))].sort().join(""),
			rule,
			span: [head, tail + 1]
		};
	}
}
/** Places of the letters that follow each other from a place on. */
function listAt(text, start, { all }) {
	const found = [];
	for (let at = start; isLetter(text[at], all);) {
		found.push(at);
		BETWEEN.lastIndex = at + 1;
		at = BETWEEN.test(text) ? BETWEEN.lastIndex : at + 1;
	}
	const behind = text.slice((found.at(-1) ?? start) + 1, (found.at(-1) ?? start) + 2);
	return /^(?!\p{Script=Han})[\p{L}\p{N}]/u.test(behind) ? found.slice(0, -1) : found;
}
function isLetter(char, all) {
	return char !== void 0 && all.includes(char);
}
var NEXT_QUESTION, OPTION_LIST, BARE_FIRST_LINE, BETWEEN, ENDS_LINE;
var init_read_choice = __esmMin((() => {
	init_python_text$1();
	init_letter_at();
	init_statements$1();
	NEXT_QUESTION = /^[ \t>*#_]*(?:Question|Q|问题|题目)[ \t]{0,4}\d{0,4}[ \t]{0,4}:/gm;
	OPTION_LIST = /^[ \t]*\(?A[.)、:][^\n]*\n\s*\(?B[.)、:]/m;
	BARE_FIRST_LINE = /^\s*[("*]{0,4}[A-Z][)".:*]{0,4}[ \t]*\n/;
	BETWEEN = /[)\]"'*]{0,4}[ \t]*(?:(?:[,、;&+/]|and\b|和|及|与|以及)[ \t]*){0,2}(?:option\s+|选项)?["'(*[]{0,4}/uy;
	ENDS_LINE = /^[)\]"'*.。 \t]*(?:\n|$)/;
}));
// src/evaluate/choice/letters.ts
var letters_exports = /* @__PURE__ */ __exportAll({
	firstCapital: () => firstCapital,
	firstCapitalMulti: () => firstCapitalMulti,
	firstOptionPostprocess: () => firstOptionPostprocess,
	getAOrB: () => getAOrB$1,
	lastCapital: () => lastCapital,
	lastOptionPostprocess: () => lastOptionPostprocess,
	multipleSelect: () => multipleSelect
});
function capitalsIn(text) {
	const found = [];
	for (let at = 0; at < text.length;) {
		const char = String.fromCodePoint(text.codePointAt(at));
		const end = at + char.length;
		if (isPythonUpper(char)) found.push({
			answer: char,
			rule: "capital",
			span: [at, end]
		});
		at = end;
	}
	return found;
}
function firstMatch(pattern, rule) {
	return (text) => {
		const found = pattern.exec(text);
		return found === null ? void 0 : {
			answer: found[0],
			rule,
			span: [found.index, found.index + found[0].length]
		};
	};
}
var ALPHABET, none, firstCapital, lastCapital, firstCapitalMulti, multipleSelect, firstOptionPostprocess, lastOptionPostprocess, getAOrB$1;
var init_letters = __esmMin((() => {
	init_python_text$1();
	init_config_keys();
	init_first_option();
	init_read_choice();
	ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	none = "";
	firstCapital = {
		name: "first-capital",
		compat: (text) => capitalsIn(text)[0],
		fixed: choiceReader(ALPHABET),
		none
	};
	lastCapital = {
		name: "last-capital",
		compat: (text) => capitalsIn(text).at(-1),
		fixed: choiceReader(ALPHABET),
		none
	};
	firstCapitalMulti = {
		name: "first-capital-multi",
		compat: firstMatch(/[A-D]+/, "first-run"),
		fixed: choicesReader("ABCD"),
		none
	};
	multipleSelect = {
		name: "multiple-select",
		compat: (text) => {
			const found = capitalsIn(text);
			const [first, last] = [found[0], found.at(-1)];
			if (first === void 0 || last === void 0) return void 0;
			return {
				answer: [...new Set(found.map(({ answer }) => answer))].sort((a, b) => a.codePointAt(0) - b.codePointAt(0)).join(""),
				rule: "all-capitals",
				span: [first.span[0], last.span[1]]
			};
		},
		fixed: choicesReader("ABCDEFGHIJ"),
		none
	};
	firstOptionPostprocess = (keys) => {
		onlyKeys(keys, "pred_postprocessor", ["options", "cushion"]);
		const letters = lettersIn$1(keys, "pred_postprocessor");
		const { cushion = true } = keys;
		if (typeof cushion !== "boolean") throw badKey("pred_postprocessor.cushion", cushion, "true or false");
		return {
			name: "first_option_postprocess",
			compat: firstOption(letters, { cushion }),
			fixed: choiceReader(letters),
			none
		};
	};
	lastOptionPostprocess = (keys) => {
		onlyKeys(keys, "pred_postprocessor", ["options"]);
		const letters = lettersIn$1(keys, "pred_postprocessor");
		const compat = (text) => {
			const at = Math.max(...[...letters].map((letter) => text.lastIndexOf(letter)));
			return at === -1 ? void 0 : {
				answer: text[at],
				rule: "last-option",
				span: [at, at + 1]
			};
		};
		return {
			name: "last_option_postprocess",
			compat,
			fixed: choiceReader(letters),
			none
		};
	};
	getAOrB$1 = {
		name: "get_a_or_b",
		compat: (text) => {
			const last = text.at(-1) ?? "";
			return /^[AB]$/.test(last) ? {
				answer: last,
				rule: "last-character",
				span: [text.length - 1, text.length]
			} : {
				answer: "B",
				rule: "neither",
				span: [text.length, text.length]
			};
		},
		fixed: choiceReader("AB"),
		none: "B"
	};
}));
// src/evaluate/choice/patterns.ts
var patterns_exports = /* @__PURE__ */ __exportAll({
	firstNumberPostprocess: () => firstNumberPostprocess,
	gpqaSimpleEval: () => gpqaSimpleEval,
	matchAnswerPattern: () => matchAnswerPattern,
	specificXmlTag: () => specificXmlTag
});
/** The letters of the first group of a pattern that is a set of capital letters: `([A-D])`, `([ABCD])`. */
function lettersOf(pattern) {
	const [, set = ""] = /\(\[([A-Z]-[A-Z]|[A-Z]{2,26})\]\)/.exec(pattern) ?? [];
	if (!set.includes("-")) return set === "" ? void 0 : set;
	const [from, to] = [set.charCodeAt(0), set.charCodeAt(2)];
	return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join("");
}
function lastGroup(pattern, rule) {
	return (text) => groupOf([...text.matchAll(pythonRegex(pattern, { flags: "g" }))].at(-1) ?? null, rule);
}
function groupOf(match, rule) {
	const span = match?.indices?.[1];
	return span && {
		answer: match[1],
		rule,
		span
	};
}
/** Only ASCII, so that every character stays where it is. */
function inLowerCase(text) {
	return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
function tagsIn(text, tag) {
	const closing = `</${tag.slice(1)}`;
	const found = [];
	for (let at = text.indexOf(tag); at !== -1;) {
		const start = at + tag.length;
		const end = text.indexOf(closing, start);
		if (end === -1) break;
		const [lead, tail] = strippedSpan(text.slice(start, end));
		const span = [start + lead, start + tail];
		found.push({
			answer: text.slice(...span),
			rule: "xml-tag",
			span
		});
		at = text.indexOf(tag, end + closing.length);
	}
	return found;
}
var matchAnswerPattern, gpqaSimpleEval, specificXmlTag, firstNumberPostprocess, FIRST_NUMBER;
var init_patterns = __esmMin((() => {
	init_numbers$1();
	init_python_number();
	init_python_regex();
	init_python_text$1();
	init_config_keys();
	init_read_choice();
	matchAnswerPattern = (keys) => {
		onlyKeys(keys, "pred_postprocessor", ["answer_pattern"]);
		const { answer_pattern: pattern } = keys;
		const where = "pred_postprocessor.answer_pattern";
		if (typeof pattern !== "string") throw badKey(where, pattern, "an expression with a group, as (?i)ANSWER\\s*:\\s*([A-D])");
		const first = pythonRegex(pattern, { where });
		if (new RegExp(`${first.source}|`, first.flags).exec("").length < 2) throw badKey(where, pattern, "an expression with a group around the answer");
		const letters = lettersOf(pattern);
		return {
			name: "match_answer_pattern",
			compat: (text) => groupOf(first.exec(text), "pattern"),
			fixed: letters === void 0 ? lastGroup(pattern, "last-pattern") : choiceReader(letters),
			none: ""
		};
	};
	gpqaSimpleEval = {
		name: "GPQA_Simple_Eval_postprocess",
		compat: lastGroup(String.raw`(?i)ANSWER\s*:\s*([A-D])`, "last-answer"),
		fixed: choiceReader("ABCD"),
		none: ""
	};
	specificXmlTag = (keys) => {
		onlyKeys(keys, "pred_postprocessor", ["tag"]);
		const { tag } = keys;
		if (typeof tag !== "string" || !/^<[\w-]+>$/.test(tag)) throw badKey("pred_postprocessor.tag", tag, "a tag, as <answer>");
		return {
			name: "specific-xml-tag",
			compat: (text) => tagsIn(text, tag).at(-1),
			fixed: (text) => tagsIn(inLowerCase(text), tag.toLowerCase()).filter(({ span: [start, end] }) => end > start).map((found) => ({
				...found,
				answer: text.slice(...found.span)
			})).at(-1),
			none: "NO ANSWER FOUND"
		};
	};
	firstNumberPostprocess = {
		name: "first_number_postprocess",
		compat: (text) => {
			const found = groupOf(FIRST_NUMBER.exec(text), "first-number");
			return found && {
				...found,
				answer: pythonFloatRepr(pythonFloat(found.answer) ?? NaN)
			};
		},
		fixed: (text) => {
			const [first] = findNumbers(text);
			return first && {
				answer: first.value,
				rule: "first-number",
				span: [first.start, first.end]
			};
		},
		none: ""
	};
	FIRST_NUMBER = pythonRegex(String.raw`(-?\d*\.?\d+)`);
}));
// src/evaluate/choice/short-answers.ts
var short_answers_exports = /* @__PURE__ */ __exportAll({
	bbhFreeform: () => bbhFreeform,
	bbhMcq: () => bbhMcq,
	bbhMcqReference: () => bbhMcqReference,
	extractNonReasoningContent: () => extractNonReasoningContent,
	general: () => general$1,
	generalCn: () => generalCn,
	keepReasoningContent: () => keepReasoningContent
});
function bareBefore(text, start, stop, punctuation) {
	const [head = ""] = text.slice(start).split(stop, 1);
	const answer = pythonStrip(head.replace(punctuation, "").replace(ARTICLE, "").replace(SPACES$1, " "));
	return answer === "" ? void 0 : {
		answer,
		rule: "first-phrase",
		span: [start, start + head.length]
	};
}
function segmented(text) {
	const span = strippedSpan(text);
	const words = text.slice(...span).match(/\p{Script=Han}|[a-zA-Z0-9+#&._%-]+|./gsu) ?? [];
	return words.length === 0 ? void 0 : {
		answer: words.join(" "),
		rule: "words",
		span
	};
}
/** What stands between the first `answer is ` and the second, without space around it; the whole text where there is none. */
function afterFirstAnswerIs(text) {
	const at = text.indexOf(ANSWER_IS);
	if (at === -1) return [0, text.length];
	const start = at + ANSWER_IS.length;
	const next = text.indexOf(ANSWER_IS, start);
	const [lead, tail] = strippedSpan(text.slice(start, next === -1 ? text.length : next));
	return [start + lead, start + tail];
}
function letterAt(text, at, rule) {
	return {
		answer: text[at],
		rule,
		span: [at, at + 1]
	};
}
/** The same of a gold answer, `(A)`. */
function bbhMcqReference(gold) {
	return bbhMcq.compat(gold)?.answer ?? "";
}
function inFirstLine(text) {
	const [line = ""] = text.split("\n", 1);
	let [start, end] = strippedSpan(line);
	if (line.slice(start, end).endsWith(".")) end = start + strippedSpan(line.slice(start, end - 1))[1];
	const bold = /\*\*(.*?)\*\*/s.exec(line.slice(start, end));
	if (bold !== null) [start, end] = [start + bold.index + 2, start + bold.index + 2 + bold[1].length];
	const answer = line.slice(start, end);
	return answer === "" ? void 0 : {
		answer,
		rule: bold === null ? "first-line" : "bold",
		span: [start, end]
	};
}
/** The last answer that is stated, `answer is …`, `Answer: …` or in a box, to the end of its sentence; else a text of one line. */
function readFreeform(text) {
	const stated = [...text.matchAll(STATED)].map(({ 0: lead, index }) => statedAt(text, lead, index + lead.length));
	const boxed = [...text.matchAll(BOX)].map(({ 0: all, 1: inside = "", index }) => {
		const end = index + all.length - 1;
		return {
			start: end - inside.length,
			end,
			rule: "boxed"
		};
	});
	const [start, end] = strippedSpan(text);
	const only = text.slice(start, end).includes("\n") ? [] : [{
		start,
		end,
		rule: "only-line"
	}];
	return [...[...stated, ...boxed].sort((a, b) => b.start - a.start), ...only].map((place) => trimmedAt(text, place)).find((found) => found !== void 0);
}
function statedAt(text, lead, start) {
	const [line = ""] = text.slice(start, start + LONGEST_ANSWER).split("\n", 1);
	const ends = [/\*\*\s*$/.test(lead) ? line.indexOf("**") : -1, line.search(NEXT_SENTENCE)];
	return {
		start,
		end: start + Math.min(line.length, ...ends.filter((end) => end !== -1)),
		rule: "answer-is"
	};
}
function trimmedAt(text, { start, end, rule }) {
	let [from, to] = [start, end];
	while (from < to && /[\s*_"'`$]/.test(text[from])) from++;
	while (to > from && /[\s*_"'`$.!]/.test(text[to - 1])) to--;
	return from === to ? void 0 : {
		answer: text.slice(from, to),
		rule,
		span: [from, to]
	};
}
var NO_WORD, NO_WORD_OR_NUMBER, ARTICLE, SPACES$1, general$1, generalCn, ANSWER_IS, bbhMcq, bbhFreeform, STATED, BOX, LONGEST_ANSWER, NEXT_SENTENCE, untouched, stripped$1, keepReasoningContent, extractNonReasoningContent;
var init_short_answers = __esmMin((() => {
	init_python_text$1();
	init_read_choice();
	NO_WORD = new RegExp(`[^${PYTHON_WORD}${PYTHON_SPACE}]`, "gu");
	NO_WORD_OR_NUMBER = new RegExp(String.raw`(?!(?<=\p{Nd})\.\p{Nd}|(?<![${PYTHON_WORD}])-\p{Nd})${NO_WORD.source}`, "gu");
	ARTICLE = new RegExp(`(?<![${PYTHON_WORD}])(?:an?|the)(?![${PYTHON_WORD}])`, "giu");
	SPACES$1 = new RegExp(`[${PYTHON_SPACE}]+`, "gu");
	general$1 = {
		name: "general",
		compat: (text) => bareBefore(text, 0, /[\n.,]/, NO_WORD),
		fixed: (text) => bareBefore(text, strippedSpan(text)[0], /\n|[.,](?!\p{Nd})/u, NO_WORD_OR_NUMBER),
		none: ""
	};
	generalCn = {
		name: "general_cn",
		compat: segmented,
		fixed: segmented,
		none: ""
	};
	ANSWER_IS = "answer is ";
	bbhMcq = {
		name: "bbh-mcq",
		compat: (text) => {
			const [start, end] = afterFirstAnswerIs(text);
			const part = text.slice(start, end);
			const bracketed = /\(([A-Z])/.exec(part);
			if (bracketed !== null) return letterAt(text, start + bracketed.index + 1, "bracketed");
			const capital = part.search(/[A-Z]/);
			if (capital !== -1) return letterAt(text, start + capital, "capital");
			return part === "" ? void 0 : {
				answer: part,
				rule: "whole",
				span: [start, end]
			};
		},
		fixed: choiceReader("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
		none: ""
	};
	bbhFreeform = {
		name: "bbh-freeform",
		compat: (text) => {
			const [start, end] = afterFirstAnswerIs(text);
			const found = inFirstLine(text.slice(start, end));
			return found && {
				...found,
				span: [start + found.span[0], start + found.span[1]]
			};
		},
		fixed: readFreeform,
		none: ""
	};
	STATED = /\banswer\b[*_]*(?:\s*[:：]|\s+is\b)[\s:：*_"'`$]*/gi;
	BOX = /\\f?boxed\s*\{(?:\\text\s*\{)?([^{}\n]*)\}/g;
	LONGEST_ANSWER = 1e3;
	NEXT_SENTENCE = /[.。!]\s+\p{Lu}/u;
	untouched = (text) => pythonStrip(text) === "" ? void 0 : {
		answer: text,
		rule: "whole-text",
		span: [0, text.length]
	};
	stripped$1 = (text) => {
		const span = strippedSpan(text);
		return span[1] === span[0] ? void 0 : {
			answer: text.slice(...span),
			rule: "whole-text",
			span
		};
	};
	keepReasoningContent = {
		name: "keep-reasoning-content",
		compat: untouched,
		fixed: untouched,
		none: ""
	};
	extractNonReasoningContent = {
		name: "extract-non-reasoning-content",
		compat: stripped$1,
		fixed: stripped$1,
		none: ""
	};
}));
// src/evaluate/choice/whole-answer.ts
/**
* What AISBench's evaluator gets for a prediction: the answer that was extracted; the reply as it is, space around it too,
* where no post-processor took anything out of it.
*/
function predictionOf({ answer, text }) {
	return answer === text.trim() || answer === pythonStrip(text) ? text : answer;
}
/** Words without case, punctuation around them and space beyond one blank: what makes no difference between two answers. */
function looseText(text) {
	return pythonStrip(text.normalize("NFKC").toLowerCase()).replace(/\s+/gu, " ").replace(/^[\s"'“”‘’*_`$([{]+/u, "").replace(/[\s"'“”‘’*_`$)\]}.。!,;:]{1,40}$/u, "");
}
var init_whole_answer = __esmMin((() => {
	init_python_text$1();
}));
// src/evaluate/evaluators/bbh.ts
var bbh_exports$1 = /* @__PURE__ */ __exportAll({
	bbhEvaluator: () => bbhEvaluator,
	bbhEvaluatorMcq: () => bbhEvaluatorMcq
});
function compatAnswer(sample) {
	const ofReply = freeformOf(sample.text);
	return sample.answer === ofReply ? ofReply : freeformOf(predictionOf(sample));
}
function freeformOf(text) {
	return bbhFreeform.compat(text)?.answer ?? "";
}
function loose(text) {
	return pythonStrip(text.toLowerCase().replace(/(?<=\p{L}),(?=\s|\p{L})/gu, " ").replace(/\s+/gu, " "));
}
var bbhEvaluatorMcq, bbhEvaluator;
var init_bbh$1 = __esmMin((() => {
	init_short_answers();
	init_whole_answer();
	init_python_text$1();
	bbhEvaluatorMcq = {
		name: "BBHEvaluator_mcq",
		metric: "score",
		grade: ({ answer, reference }) => ({ credit: answer === reference ? 1 : 0 })
	};
	bbhEvaluator = {
		name: "BBHEvaluator",
		metric: "score",
		grade: (sample) => {
			const { answer, reference, rules } = sample;
			return { credit: (rules === "compat" ? compatAnswer(sample) === reference : loose(bbhFreeform.fixed(answer)?.answer ?? answer) === loose(reference)) ? 1 : 0 };
		}
	};
}));
// src/dataset/columns.ts
/** Checks that the rows of files have what a dataset class needs, and that its config says what it must. */
/** The text in a column. Throws DSET-DATA-002 naming `where` and the column. */
function textIn$1(row, column, where) {
	const value = row[column];
	if (typeof value !== "string") throw badRow(where, `it has no text in column '${column}'`);
	return value;
}
/** The texts in a column that holds a list, exactly `count` where that is given. Throws DSET-DATA-002. */
function textsIn$3(row, column, where, count) {
	const value = row[column];
	if (!(Array.isArray(value) && value.every((one) => typeof one === "string")) || count !== void 0 && value.length !== count) throw badRow(where, `column '${column}' is not a list of ${count === void 0 ? "" : `${count} `}texts`);
	return value;
}
/** One of a few letters. Throws DSET-DATA-002 that says which. */
function checkedLetter(value, letters, where) {
	if (typeof value === "string" && value.length === 1 && letters.includes(value)) return value;
	throw badRow(where, `its answer ${JSON.stringify(value)} is none of ${[...letters].join(", ")}`);
}
/** A key of the dataset config that must be a text, such as the subject's `name`. Throws UTILS-CFG-002. */
function textParam({ params }, key, example) {
	const value = params[key];
	if (typeof value === "string" && value !== "") return value;
	const what = value === void 0 ? "is missing" : `is ${JSON.stringify(value)}`;
	throw new AisBenchError("UTILS-CFG-002", `the dataset config's ${key} ${what}`, {
		where: key,
		cure: `give a text, for example ${key}: '${example}'`
	});
}
/** The splits that a config asks for, else the dataset's own. Throws UTILS-CFG-002 for one that the dataset has not. */
function splitNames({ splits = {} }, { train, test, known }) {
	const chosen = {
		train: splits.train ?? train,
		test: splits.test ?? test
	};
	for (const [key, name] of Object.entries(chosen)) {
		if (known.includes(name)) continue;
		throw new AisBenchError("UTILS-CFG-002", `this dataset has no split '${name}'`, {
			where: `reader_cfg.${key}_split`,
			cure: `use one of: ${known.join(", ")}`
		});
	}
	return chosen;
}
/** What a file holds, nothing where it is not there: only few-shot prompts need it, and their retriever says so. */
async function ifThere(file, read) {
	return await fileExists(file) ? read(file) : [];
}
/** A short mark of a long text that several rows share, the same for the same text. */
function markOf(text) {
	return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
var init_columns = __esmMin((() => {
	init_errors$1();
	init_locate();
	init_read$1();
}));
// src/dataset/builtin/boolq.ts
/**
* BoolQ, yes or no of a passage, in SuperGLUE's form: Google, CC BY-SA 3.0. File `val.jsonl` (3,270 questions, asked), rows
* `{passage, question, label}`, the label true or false, as a word or as such. Format unseen: no real file was read with these
* classes.
*/
var boolq_exports = /* @__PURE__ */ __exportAll({
	BoolQDatasetV2: () => BoolQDatasetV2,
	BoolQDatasetV3: () => BoolQDatasetV3
});
function boolq$1(name, make) {
	const toRow = (row, where) => {
		for (const column of ["passage", "question"]) textIn$1(row, column, where);
		return make(row, where);
	};
	return {
		name,
		source: ({ passage }) => markOf(String(passage)),
		load: (options) => load$1(options, toRow)
	};
}
/** Worked examples are of `train.jsonl` beside the file; where there is none they are asked rows, as in AISBench. */
async function load$1(options, toRow) {
	const path = options.path === "" ? DEFAULT_PATH$9 : options.path;
	const wanted = {
		file: "val.jsonl",
		extension: ".jsonl",
		source: SOURCE$21
	};
	const file = await locateFile$1({
		path,
		roots: options.roots
	}, wanted);
	const read = (one) => readJsonl(one, toRow);
	const test = await read(file);
	const train = await ifThere(join(dirname(file), "train.jsonl"), read);
	return {
		train: train.length > 0 ? train : test,
		test
	};
}
function isTrue$1(label, where) {
	const told = String(label).toLowerCase();
	if (told === "true" || told === "false") return told === "true";
	throw badRow(where, `its label ${JSON.stringify(label)} is neither true nor false`);
}
var SOURCE$21, DEFAULT_PATH$9, BoolQDatasetV2, BoolQDatasetV3;
var init_boolq = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$21 = "super.gluebenchmark.com (BoolQ.zip, CC BY-SA 3.0)";
	DEFAULT_PATH$9 = "ais_bench/datasets/SuperGLUE/BoolQ/val.jsonl";
	BoolQDatasetV2 = boolq$1("BoolQDatasetV2", (row, where) => ({
		...row,
		label: isTrue$1(row["label"], where) ? "A" : "B"
	}));
	BoolQDatasetV3 = boolq$1("BoolQDatasetV3", (row, where) => {
		const [passage, question] = [textIn$1(row, "passage", where), textIn$1(row, "question", where)];
		return {
			...row,
			passage: passage.split(" -- ").slice(1).join(" -- "),
			question: question.charAt(0).toUpperCase() + question.slice(1),
			label: String(isTrue$1(row["label"], where))
		};
	});
}));
// src/dataset/csv.ts
/**
* Reads a CSV file by its fields' places, for files whose first line names no columns. Line breaks inside of fields are LF, as
* Python's text files have them. Throws as `readCsv` does.
*/
async function readCsvRecords(file) {
	return recordsOf$1((await readText$3(file)).replace(/\r\n?/g, "\n"), file);
}
/** Reads a CSV file whose first line names the columns. Throws DSET-FILE-001, DSET-DATA-002 with the line. */
async function readCsv(file, toRow) {
	return parseCsv(await readText$3(file), file, toRow);
}
/**
* The rows of a CSV text (RFC 4180): fields may stand in double quotes and then hold commas, line breaks and doubled
* quotes; lines end with LF, CRLF or CR, blank lines are left out. All values are texts. Throws DSET-DATA-002 with the line that a
* row begins in.
*/
function parseCsv(text, file, toRow = (row) => row) {
	const [head, ...lines] = recordsOf$1(text, file);
	if (head === void 0) return [];
	const columns = head.fields.map((name) => name.trim());
	const twice = columns.find((name, i) => columns.indexOf(name) !== i);
	if (twice !== void 0) throw badRow(`${file}:${head.line}`, `two columns are named '${twice}'`);
	return lines.map(({ fields, line }) => {
		const where = `${file}:${line}`;
		if (fields.length !== columns.length) throw badRow(where, `it has ${fields.length} fields, and the header names ${columns.length} columns`);
		return toRow(Object.fromEntries(columns.map((name, i) => [name, fields[i]])), where);
	});
}
function recordsOf$1(text, file) {
	const records = [];
	let fields = [];
	let [line, begun] = [1, 1];
	FIELD$2.lastIndex = 0;
	while (FIELD$2.lastIndex < text.length) {
		const match = FIELD$2.exec(text);
		if (match === null) throw badRow(`${file}:${line}`, "a quoted field is not closed, or text stands behind it");
		const [all, quoted, plain = "", end = ""] = match;
		fields.push(quoted === void 0 ? plain : quoted.replaceAll("\"\"", "\""));
		line += all.match(/\r\n|\r|\n/g)?.length ?? 0;
		const isLast = FIELD$2.lastIndex === text.length;
		if (end === "," && isLast) fields.push("");
		if (end !== "," || isLast) {
			if (fields.length > 1 || fields[0] !== "" || quoted !== void 0) records.push({
				fields,
				line: begun
			});
			[fields, begun] = [[], line];
		}
	}
	return records;
}
var FIELD$2;
var init_csv = __esmMin((() => {
	init_read$1();
	FIELD$2 = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n][^,\r\n]*)?)(,|\r\n|\r|\n|$)/y;
}));
/**
* `count` draws of `random.sample(range(size), size)` from one `random.Random(seed)`: orders of 0 … size-1. CPython draws so
* where `size` is at most 21.
*/
function pythonOrders(count, size, seed) {
	const next = mersenneTwister(seed);
	return Array.from({ length: count }, () => {
		const pool = Array.from({ length: size }, (_, i) => i);
		return pool.map((_, i) => {
			const left = size - i;
			const j = below(left, next);
			const drawn = pool[j];
			pool[j] = pool[left - 1];
			return drawn;
		});
	});
}
/** An even integer below `limit`: as many bits as it has, drawn again while too large. */
function below(limit, next) {
	const unusedBits = Math.clz32(limit);
	let value = next() >>> unusedBits;
	while (value >= limit) value = next() >>> unusedBits;
	return value;
}
/** A source of 32-bit words. */
function mersenneTwister(seed) {
	const state = seededState(seed);
	let position = SIZE;
	return () => {
		if (position === SIZE) {
			refill(state);
			position = 0;
		}
		return temper(state[position++]);
	};
}
function seededState(seed) {
	const state = new Uint32Array(SIZE);
	state[0] = 19650218;
	for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, folded$1(state, i)) + i;
	let i = 1;
	const advance = () => {
		if (++i < SIZE) return;
		state[0] = state[SIZE - 1];
		i = 1;
	};
	for (let k = 0; k < SIZE; k++, advance()) state[i] = (state[i] ^ Math.imul(folded$1(state, i), 1664525)) + seed;
	for (let k = 1; k < SIZE; k++, advance()) state[i] = (state[i] ^ Math.imul(folded$1(state, i), 1566083941)) - i;
	state[0] = 2147483648;
	return state;
}
function folded$1(state, i) {
	const previous = state[i - 1];
	return previous ^ previous >>> 30;
}
function refill(state) {
	for (let i = 0; i < SIZE; i++) {
		const joined = state[i] & 2147483648 | state[(i + 1) % SIZE] & 2147483647;
		state[i] = state[(i + SHIFT) % SIZE] ^ joined >>> 1 ^ (joined & 1 ? 2567483615 : 0);
	}
}
function temper(word) {
	let y = word;
	y ^= y >>> 11;
	y ^= y << 7 & 2636928640;
	y ^= y << 15 & 4022730752;
	return (y ^ y >>> 18) >>> 0;
}
var SIZE, SHIFT;
var init_python_random = __esmMin((() => {
	SIZE = 624;
	SHIFT = 397;
}));
// src/dataset/builtin/gpqa.ts
/**
* GPQA, questions that experts wrote to be hard to look up: idavidrein/gpqa, CC BY 4.0. One CSV file with a header, of which
* AISBench takes the fields 7 to 11 (from 0): question, right answer, three wrong ones. Format unseen: no real file was read
* with these classes.
*/
var gpqa_exports = /* @__PURE__ */ __exportAll({
	GPQADataset: () => GPQADataset,
	GPQASimpleEvalDataset: () => GPQASimpleEvalDataset
});
/** The letter is that of the first option with the right one's text, as in AISBench. */
function rotated({ question, options }, index) {
	const moved = [...ROTATIONS[(index + 1) % ROTATIONS.length]].map((letter) => options[LETTERS$7.indexOf(letter)]);
	return {
		question,
		...lettered$1(moved),
		answer: LETTERS$7[moved.indexOf(options[0])]
	};
}
function permuted({ question, options }, permutation) {
	const moved = permutation.map((place) => options[place]);
	const answer = LETTERS$7[permutation.indexOf(0)];
	return {
		question,
		...lettered$1(moved),
		answer,
		options: moved,
		permutation
	};
}
function lettered$1(options) {
	return Object.fromEntries(LETTERS$7.map((letter, i) => [letter, options[i]]));
}
async function readQuestions$1(options) {
	const name = textParam(options, "name", "gpqa_diamond.csv");
	const folder = await locateFolder(options, {
		files: [name],
		source: SOURCE$20,
		usual: USUAL$8
	});
	const file = join(folder, name);
	return (await readCsvRecords(file)).flatMap(({ fields, line }) => {
		const [question, ...others] = fields.slice(FIRST_FIELD, FIRST_FIELD + 5);
		if (question === void 0 || others.length !== 4) throw badRow(`${file}:${line}`, `it has ${fields.length} fields, fewer than 12`);
		return question === "Question" ? [] : [{
			question,
			options: others
		}];
	});
}
var SOURCE$20, USUAL$8, LETTERS$7, FIRST_FIELD, ROTATIONS, REPEATS, GPQADataset, GPQASimpleEvalDataset;
var init_gpqa = __esmMin((() => {
	init_columns();
	init_csv();
	init_locate();
	init_python_random();
	init_read$1();
	SOURCE$20 = "github.com/idavidrein/gpqa (dataset.zip, CC BY 4.0)";
	USUAL$8 = ["ais_bench/datasets/gpqa", "ais_bench/datasets/gpqa/dataset"];
	LETTERS$7 = [
		"A",
		"B",
		"C",
		"D"
	];
	FIRST_FIELD = 7;
	ROTATIONS = [
		"ABCD",
		"BCDA",
		"CDAB",
		"DABC"
	];
	REPEATS = 4;
	GPQADataset = {
		name: "GPQADataset",
		async load(options) {
			const rows = (await readQuestions$1(options)).map(rotated);
			return {
				train: rows,
				test: rows
			};
		}
	};
	GPQASimpleEvalDataset = {
		name: "GPQASimpleEvalDataset",
		source: ({ question }) => markOf(String(question)),
		async load(options) {
			const questions = await readQuestions$1(options);
			const rows = pythonOrders(REPEATS * questions.length, LETTERS$7.length, 0).map((order, i) => permuted(questions[i % questions.length], order));
			return {
				train: rows,
				test: rows
			};
		}
	};
}));
// src/dataset/builtin/hellaswag.ts
/**
* HellaSwag, which of four endings makes sense: rowanz/hellaswag, MIT licence. Read in both forms that are about: the authors'
* `hellaswag_val.jsonl` `{activity_label, ctx_a, ctx_b, endings, label}` and OpenCompass's `hellaswag.jsonl` `{query, choices,
* gold}`, which was made of it. Format unseen: no real file was read with these classes.
*/
var hellaswag_exports = /* @__PURE__ */ __exportAll({
	HellaswagDataset: () => HellaswagDataset,
	HellaswagDataset_V2: () => HellaswagDataset_V2,
	HellaswagDataset_V3: () => HellaswagDataset_V3,
	HellaswagDatasetwithICE: () => HellaswagDatasetwithICE
});
function hellaswag$1(name, toRow) {
	const load = async (options) => {
		const rows = (await questionsOf$1(options)).questions.map(toRow);
		return {
			train: rows,
			test: rows
		};
	};
	return {
		name,
		load
	};
}
function withLetter(question) {
	return {
		ctx: afterColon(question.query, 1),
		...lettered(question),
		label: LETTERS$6[question.gold]
	};
}
function lettered({ choices }) {
	return Object.fromEntries(LETTERS$6.map((letter, i) => [letter, choices[i]]));
}
/** Python's `text.split(': ', most)[-1]`. */
function afterColon(text, most) {
	const parts = text.split(": ");
	return parts.slice(Math.min(most, parts.length - 1)).join(": ");
}
async function questionsOf$1(options) {
	const file = await fileOf$1(options);
	return {
		file,
		questions: await readQuestions(file)
	};
}
/** The path may be the folder, or either file. */
async function fileOf$1(options) {
	const path = options.path === "" ? FOLDER$1 : options.path.replace(/\/+$/, "");
	if (path.endsWith(".jsonl") && !path.endsWith(`/${REPACKED}`)) return locateFile$1({
		...options,
		path
	}, {
		file: AUTHORS$1,
		extension: ".jsonl",
		source: SOURCE$19
	});
	const folder = {
		...options,
		path: path.endsWith(".jsonl") ? dirname(path) : path
	};
	const repacked = await locateFolder(folder, {
		files: [REPACKED],
		source: SOURCE$19
	}).catch(() => void 0);
	if (repacked !== void 0) return join(repacked, REPACKED);
	return join(await locateFolder(folder, {
		files: [AUTHORS$1],
		source: SOURCE$19
	}), AUTHORS$1);
}
async function readQuestions(file) {
	return readJsonl(file, toQuestion$1);
}
/** A row of either form. Throws DSET-DATA-002 naming `where`. */
function toQuestion$1(row, where) {
	const isRepacked = Object.hasOwn(row, "choices");
	const choices = textsIn$3(row, isRepacked ? "choices" : "endings", where, LETTERS$6.length);
	const told = String(isRepacked ? row["gold"] : row["label"]);
	if (!/^[0-3]$/.test(told)) throw badRow(where, `its right ending '${told}' is no number from 0 to 3`);
	const gold = Number(told);
	if (isRepacked) return {
		query: textIn$1(row, "query", where),
		choices,
		gold
	};
	const [label, before] = [textIn$1(row, "activity_label", where), textIn$1(row, "ctx_a", where)];
	return {
		query: cleaned(`${label}: ${`${before} ${capitalized$1(textIn$1(row, "ctx_b", where))}`}`),
		choices: choices.map(cleaned),
		gold
	};
}
/** Python's `str.capitalize`. */
function capitalized$1(text) {
	const [first = "", ...rest] = text;
	return first.toUpperCase() + rest.join("").toLowerCase();
}
/** How the repacked texts were made of WikiHow's: no marks in brackets, no doubled spaces. */
function cleaned(text) {
	return text.trim().replaceAll(" [title]", ". ").replace(/\[.*?\]/g, "").replaceAll("  ", " ");
}
var SOURCE$19, REPACKED, AUTHORS$1, FOLDER$1, LETTERS$6, HellaswagDataset, HellaswagDataset_V2, HellaswagDataset_V3, HellaswagDatasetwithICE;
var init_hellaswag = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$19 = "github.com/rowanz/hellaswag (folder data, MIT licence)";
	REPACKED = "hellaswag.jsonl";
	AUTHORS$1 = "hellaswag_val.jsonl";
	FOLDER$1 = "ais_bench/datasets/hellaswag";
	LETTERS$6 = [
		"A",
		"B",
		"C",
		"D"
	];
	HellaswagDataset = hellaswag$1("HellaswagDataset", (question) => ({
		ctx: afterColon(question.query, 2),
		...lettered(question),
		label: question.gold
	}));
	HellaswagDataset_V2 = hellaswag$1("HellaswagDataset_V2", withLetter);
	HellaswagDataset_V3 = hellaswag$1("HellaswagDataset_V3", (question) => ({
		query: question.query,
		...lettered(question),
		gold: question.gold
	}));
	HellaswagDatasetwithICE = {
		name: "HellaswagDatasetwithICE",
		async load(options) {
			const test = await questionsOf$1(options);
			const folder = dirname(test.file);
			const samples = await ifThere(join(folder, "hellaswag_train_sampled25.jsonl"), readQuestions);
			return {
				train: (samples.length > 0 ? samples : await ifThere(join(folder, "hellaswag_train.jsonl"), readQuestions)).map(withLetter),
				test: test.questions.map(withLetter)
			};
		}
	};
}));
// src/dataset/builtin/labelled.ts
/** Datasets of the Mosaic leaderboards: `<split>.jsonl`, and a number a line in `<split>-labels.lst`. */
/** Asks `dev`, shows `train`; a train split that is not there is empty. Throws as `DatasetType.load` does. */
async function loadLabelled(options, { source, usual, toRow }) {
	const { train, test } = splitNames(options, {
		train: "train",
		test: "validation",
		known: Object.keys(FILES)
	});
	const folder = await locateFolder(options, {
		files: [`${FILES[test]}.jsonl`, `${FILES[test]}-labels.lst`],
		source,
		usual
	});
	return {
		train: await fileExists(join(folder, `${FILES[train]}-labels.lst`)) ? await readLabelled(folder, FILES[train], toRow) : [],
		test: await readLabelled(folder, FILES[test], toRow)
	};
}
async function readLabelled(folder, name, toRow) {
	const file = join(folder, `${name}-labels.lst`);
	const labels = (await readText$3(file)).trimEnd().split(/\r?\n/);
	const rows = await readJsonl(join(folder, `${name}.jsonl`), (row, where) => ({
		row,
		where
	}));
	if (rows.length !== labels.length) throw badRow(file, `it has ${labels.length} labels, and ${name}.jsonl ${rows.length} rows`);
	return rows.map(({ row: { id: _, ...row }, where }, i) => {
		const label = labels[i].trim();
		if (!/^-?\d+$/.test(label)) throw badRow(`${file}:${i + 1}`, `the label '${label}' is no whole number`);
		return toRow(row, Number(label), where);
	});
}
var FILES;
var init_labelled = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	FILES = {
		train: "train",
		validation: "dev"
	};
}));
// src/dataset/builtin/piqa.ts
var piqa_exports = /* @__PURE__ */ __exportAll({
	PIQADataset: () => PIQADataset,
	PIQADatasetV2: () => PIQADatasetV2,
	PIQADatasetV3: () => PIQADatasetV3
});
function piqa$1(name, make) {
	const toRow = (row, label, where) => {
		for (const column of [
			"goal",
			"sol1",
			"sol2"
		]) textIn$1(row, column, where);
		if (label > 1) throw badRow(where, `its label ${label} is neither 0 nor 1`);
		return make(row, label);
	};
	return {
		name,
		load: (options) => loadLabelled(options, {
			source: SOURCE$18,
			usual: USUAL$7,
			toRow
		})
	};
}
function upperFirst(text) {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
function lowerFirst(text) {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
var SOURCE$18, USUAL$7, PIQADataset, PIQADatasetV2, PIQADatasetV3;
var init_piqa = __esmMin((() => {
	init_columns();
	init_read$1();
	init_labelled();
	SOURCE$18 = "yonatanbisk.com/piqa (physicaliqa-train-dev.zip, Academic Free License 3.0)";
	USUAL$7 = ["ais_bench/datasets/physicaliqa-train-dev", "ais_bench/datasets/piqa"];
	PIQADataset = piqa$1("PIQADataset", (row, label) => ({
		...row,
		label
	}));
	PIQADatasetV2 = piqa$1("PIQADatasetV2", (row, label) => ({
		...row,
		answer: label < 0 ? "NULL" : "AB"[label]
	}));
	PIQADatasetV3 = piqa$1("PIQADatasetV3", (row, label) => {
		const goal = String(row["goal"]);
		const turned = /[?.]$/.test(goal) ? upperFirst : lowerFirst;
		const [sol1, sol2] = [turned(String(row["sol1"])), turned(String(row["sol2"]))];
		return {
			...row,
			goal: upperFirst(goal),
			sol1,
			sol2,
			label
		};
	});
}));
// src/dataset/builtin/winogrande.ts
/**
* WinoGrande, which of two words fills the gap: allenai/winogrande, CC BY. Files `dev.jsonl` (1,267 sentences, asked) and
* `train_xs.jsonl` (worked examples), rows `{sentence, option1, option2, answer}`, the gap written `_`. Format unseen: no real
* file was read with these classes.
*/
var winogrande_exports = /* @__PURE__ */ __exportAll({
	WinograndeDataset: () => WinograndeDataset,
	WinograndeDatasetV2: () => WinograndeDatasetV2,
	WinograndeDatasetV3: () => WinograndeDatasetV3
});
async function loadDev(options, make) {
	const rows = await readJsonl(join(await folderOf$1(options, "dev"), "dev.jsonl"), make);
	return {
		train: rows,
		test: rows
	};
}
function folderOf$1(options, split) {
	return locateFolder(options, {
		files: [`${split}.jsonl`],
		source: SOURCE$17,
		usual: USUAL$6
	});
}
function letterOf$1(answer) {
	return answer === "" ? "NULL" : "AB"[Number(answer) - 1];
}
/** Throws DSET-DATA-002 naming `where`. */
function toRow$2(told) {
	return (row, where) => {
		const prompt = textIn$1(row, "sentence", where);
		const [first, second] = [textIn$1(row, "option1", where), textIn$1(row, "option2", where)];
		const answer = textIn$1(row, "answer", where);
		const cont = prompt.split("_")[1];
		if (cont === void 0) throw badRow(where, "its sentence has no gap '_'");
		if (![
			"",
			"1",
			"2"
		].includes(answer)) throw badRow(where, `its answer '${answer}' is neither 1 nor 2`);
		return {
			prompt,
			only_option1: first,
			only_option2: second,
			opt1: prompt.split("_").join(first),
			opt2: prompt.split("_").join(second),
			answer: told(answer),
			cont
		};
	};
}
var SOURCE$17, USUAL$6, TRAINS, WinograndeDataset, WinograndeDatasetV2, WinograndeDatasetV3;
var init_winogrande = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$17 = "github.com/allenai/winogrande (winogrande_1.1.zip, CC BY)";
	USUAL$6 = ["ais_bench/datasets/winogrande", "ais_bench/datasets/winogrande_1.1"];
	TRAINS = [
		"train_xs",
		"train_s",
		"train_m",
		"train_l",
		"train_xl",
		"train_debiased"
	];
	WinograndeDataset = {
		name: "WinograndeDataset",
		load: (options) => loadDev(options, toRow$2((answer) => answer))
	};
	WinograndeDatasetV2 = {
		name: "WinograndeDatasetV2",
		load: (options) => loadDev(options, toRow$2(letterOf$1))
	};
	WinograndeDatasetV3 = {
		name: "WinograndeDatasetV3",
		async load(options) {
			const { train, test } = splitNames(options, {
				train: "train_xs",
				test: "dev",
				known: [...TRAINS, "dev"]
			});
			const folder = await folderOf$1(options, test);
			const read = (file) => readJsonl(file, toRow$2(letterOf$1));
			return {
				train: await ifThere(join(folder, `${train}.jsonl`), read),
				test: await read(join(folder, `${test}.jsonl`))
			};
		}
	};
}));
// src/models/base-api-model.ts
/** An endpoint below a base URL; a query of the base URL is kept. */
function endpointUrl(baseUrl, path) {
	if (lastEndpoint.baseUrl === baseUrl && lastEndpoint.path === path) return lastEndpoint.url;
	const url = new URL(path, baseUrl);
	if (url.search === "") url.search = new URL(baseUrl).search;
	lastEndpoint = {
		baseUrl,
		path,
		url: url.href
	};
	return url.href;
}
/** The base URL that a service model's options describe (AISBench §2.2). */
function baseUrlOf(options) {
	const scheme = options.enableSsl ? "https" : "http";
	const given = options.url.trim();
	if (given === "") return `${scheme}://${options.hostIp.includes(":") ? `[${options.hostIp}]` : options.hostIp}:${options.hostPort}/`;
	const url = new URL(/^https?:\/\//i.test(given) ? given : `${scheme}://${given}`);
	if (!url.pathname.endsWith("/")) url.pathname += "/";
	return url.href;
}
var BaseAPIModel, lastEndpoint;
var init_base_api_model = __esmMin((() => {
	init_errors$1();
	BaseAPIModel = class {
		/** Config keys (snake_case) that this class takes beside the common ones. */
		static extraOptions = [];
		/** Whether its requests can ask for an answer of an exact length (`args.fixedLength`). */
		static fixesLength = false;
		options;
		constructor(options) {
			this.options = options;
		}
		/** `url`, or scheme, host and port; always ends with `/` (a query is kept behind it). */
		get baseUrl() {
			return baseUrlOf(this.options);
		}
		/** The model's name: as configured, else as the service gave it. Throws MODEL-DATA-001 when neither is known. */
		getServiceModelPath() {
			const { model, discoveredModel } = this.options;
			if (model !== "") return model;
			if (typeof discoveredModel === "string") return discoveredModel;
			if (discoveredModel instanceof Error) throw discoveredModel;
			throw new AisBenchError("MODEL-DATA-001", "the model has no name", { cure: "set the config's `model`, or give --model NAME" });
		}
	};
	lastEndpoint = {
		baseUrl: "",
		path: "",
		url: ""
	};
}));
// src/models/api/json.ts
/** The value if it is a list, else an empty one. */
function listIn(value) {
	return Array.isArray(value) ? value : NONE;
}
/** The value if it is a text, else none. */
function textIn(value) {
	return typeof value === "string" ? value : "";
}
var NONE;
var init_json = __esmMin((() => {
	NONE = Object.freeze([]);
}));
// src/models/api/finish-reason.ts
/** The finish reason that a server gave, in OpenAI's words where it has one there; undefined when it gave none. */
function finishReasonIn(said) {
	return typeof said === "string" && said !== "" ? IN_OPENAI_WORDS.get(said) ?? said : void 0;
}
var IN_OPENAI_WORDS;
var init_finish_reason = __esmMin((() => {
	IN_OPENAI_WORDS = /* @__PURE__ */ new Map([
		["eos_token", "stop"],
		["stop_sequence", "stop"],
		["end_turn", "stop"],
		["max_tokens", "length"],
		["tool_use", "tool_calls"],
		["model_context_window_exceeded", "length"],
		["refusal", "content_filter"],
		["max_output_tokens", "length"]
	]);
}));
// src/models/api/openai.ts
/** What a request names as its model: the adapter or other model that the call is for, else the configured one. */
function modelNameFor(model, args) {
	return args?.adapter ?? model.getServiceModelPath();
}
/** vLLM's words for an answer that is not to end before its last token. */
function lengthFields(maxOutLen, args) {
	return args?.fixedLength === true ? {
		ignore_eos: true,
		min_tokens: maxOutLen
	} : {};
}
/** The first choice of a reply or an event: with `n` > 1 the choices of a stream are interleaved. */
function firstChoiceIn(data) {
	for (const choice of listIn(data?.choices)) if ((choice?.index ?? 0) === 0) return choice;
}
/** Takes over `usage`, wherever it comes: in the reply, in the last event, or running in every event. */
function readUsage(data, output) {
	readTokenCounts(data?.usage?.prompt_tokens, data?.usage?.completion_tokens, output);
}
/** Takes over the token counts that are counts. */
function readTokenCounts(input, generated, output) {
	if (typeof input === "number") output.inputTokens = input;
	if (typeof generated === "number") output.outputTokens = generated;
}
function readFinishReason(choice, output) {
	output.finishReason = finishReasonIn(choice?.finish_reason) ?? output.finishReason;
}
/** A stream is over when it says so: `[DONE]`, or a finish reason where a server leaves `[DONE]` out. */
function saidItIsComplete(output, sawDone) {
	return sawDone || output.finishReason !== void 0;
}
/** Tool calls of a whole message, or the deltas of one event, assembled by their index. */
function readToolCalls(toolCalls, output) {
	if (toolCalls === void 0 || toolCalls === null) return;
	for (const [position, delta] of listIn(toolCalls).entries()) {
		const given = delta?.index;
		const index = Number.isInteger(given) && given >= 0 && given < MOST_TOOL_CALLS ? given : position;
		while (output.toolCalls.length <= index) output.toolCalls.push({
			name: "",
			arguments: ""
		});
		const call = output.toolCalls[index];
		if (typeof delta?.id === "string") call.id = delta.id;
		call.name += textIn(delta?.function?.name);
		const args = delta?.function?.arguments ?? "";
		call.arguments += typeof args === "string" ? args : JSON.stringify(args);
	}
}
var MOST_TOOL_CALLS;
var init_openai = __esmMin((() => {
	init_finish_reason();
	init_json();
	MOST_TOOL_CALLS = 1024;
}));
// src/models/api/own-option.ts
/**
* A class's own option that is one of a few words; the first of them where the config gives none. `key` as the config
* writes it. Throws UTILS-CFG-002 for any other value.
*/
function choiceOf(options, key, words) {
	const value = options[key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())];
	if (value === void 0) return words[0];
	const chosen = words.find((word) => word === value);
	if (chosen !== void 0) return chosen;
	throw new AisBenchError("UTILS-CFG-002", `${key} is ${JSON.stringify(value)}`, {
		where: key,
		cure: `use one of: ${words.join(", ")}`
	});
}
/** For protocols whose requests cannot name an adapter: asking the base model in its place would be a wrong result. */
function refuseAdapter(className, args) {
	if (args?.adapter === void 0) return;
	throw new AisBenchError("UTILS-CFG-002", `${className} cannot ask for the adapter "${args.adapter}"`, {
		where: "type",
		cure: "take the adapters out of the config, or use a class whose requests name one (docs/models.md)"
	});
}
/**
* For protocols whose requests have no place for such parts: leaving them out would ask another question. `types`: which
* parts those are, all that are no text unless given. Throws ICLR-PARAM-003.
*/
function refuseMedia(className, input, types) {
	const part = mediaOf(input).find(({ type }) => types === void 0 || types.includes(type));
	if (part === void 0) return;
	throw new AisBenchError("ICLR-PARAM-003", `${className} cannot ask about a part ${part.type}`, {
		where: "type",
		cure: "use VLLMCustomAPIChat, or another class that takes such parts (docs/multimodal.md)"
	});
}
var init_own_option = __esmMin((() => {
	init_errors$1();
	init_prompt_list();
}));
// src/models/api/prompt-logprobs.ts
/** A body that would generate, changed to one that asks for the prompt's log probabilities: never a stream. */
function pplBody(body, fields) {
	return {
		...body,
		stream: false,
		stream_options: void 0,
		...fields
	};
}
/** `prompt_logprobs`: per token null or a table by token id, in which the prompt's own token comes first. Empty: none given. */
function promptLogprobsIn(positions) {
	return listIn(positions).map((table) => numberOrNull(Object.values(table ?? {})[0]?.logprob));
}
/** `logprobs.token_logprobs` of an echoed prompt, without the one token that had to be generated. Empty: none given. */
function echoedLogprobsIn(data) {
	const all = listIn(data?.choices?.[0]?.logprobs?.token_logprobs);
	const { prompt_tokens } = data?.usage ?? {};
	return all.slice(0, typeof prompt_tokens === "number" ? prompt_tokens : -1).map(numberOrNull);
}
function numberOrNull(value) {
	return typeof value === "number" ? value : null;
}
var init_prompt_logprobs = __esmMin((() => {
	init_json();
}));
// src/models/api/vllm-custom-api.ts
var vllm_custom_api_exports = /* @__PURE__ */ __exportAll({ VLLMCustomAPI: () => VLLMCustomAPI });
var VLLMCustomAPI;
var init_vllm_custom_api = __esmMin((() => {
	init_base_api_model();
	init_prompt_list();
	init_json();
	init_openai();
	init_own_option();
	init_prompt_logprobs();
	VLLMCustomAPI = class extends BaseAPIModel {
		static fixesLength = true;
		/** `ppl_method`: how perplexity is asked for, `prompt_logprobs` (vLLM) or `echo` (with `logprobs`, other servers). */
		static extraOptions = ["ppl_method"];
		#pplMethod = choiceOf(this.options, "ppl_method", ["prompt_logprobs", "echo"]);
		getUrl() {
			return endpointUrl(this.baseUrl, "v1/completions");
		}
		getRequestBody(input, maxOutLen, _output, args) {
			refuseMedia("VLLMCustomAPI", input);
			const { stream, generationKwargs } = this.options;
			return {
				prompt: toText(input),
				stream,
				...stream ? { stream_options: { include_usage: true } } : {},
				...lengthFields(maxOutLen, args),
				...generationKwargs,
				max_tokens: maxOutLen,
				model: modelNameFor(this, args)
			};
		}
		parseTextResponse(data, output) {
			this.#readChoices(data, output);
		}
		parseStreamResponse(data, output) {
			this.#readChoices(data, output);
		}
		streamIsComplete(output, sawDone) {
			return saidItIsComplete(output, sawDone);
		}
		/** One token is the least that servers generate. */
		getPplRequestBody(input, output, args) {
			const fields = this.#pplMethod === "echo" ? {
				echo: true,
				logprobs: 1
			} : { prompt_logprobs: 0 };
			return pplBody(this.getRequestBody(input, 1, output, args), fields);
		}
		getPromptLogprobs(data) {
			if (this.#pplMethod === "echo") return echoedLogprobsIn(data);
			return promptLogprobsIn(data?.choices?.[0]?.prompt_logprobs);
		}
		#readChoices(data, output) {
			const choice = firstChoiceIn(data);
			output.content += textIn(choice?.text);
			readFinishReason(choice, output);
			readUsage(data, output);
		}
	};
}));
// src/models/api/vllm-custom-api-chat.ts
var vllm_custom_api_chat_exports = /* @__PURE__ */ __exportAll({ VLLMCustomAPIChat: () => VLLMCustomAPIChat });
/** A message or a delta of one. Newer vLLM calls the reasoning channel `reasoning`, older ones `reasoning_content`. */
function readMessage(message, output) {
	if (typeof message?.role === "string") output.role = message.role;
	output.content += textIn(message?.content);
	output.reasoningContent += textIn(message?.reasoning_content) || textIn(message?.reasoning);
	readToolCalls(message?.tool_calls, output);
}
var VLLMCustomAPIChat;
var init_vllm_custom_api_chat = __esmMin((() => {
	init_base_api_model();
	init_prompt_list();
	init_json();
	init_openai();
	init_prompt_logprobs();
	VLLMCustomAPIChat = class extends BaseAPIModel {
		static fixesLength = true;
		getUrl() {
			return endpointUrl(this.baseUrl, "v1/chat/completions");
		}
		getRequestBody(input, maxOutLen, _output, args) {
			const { stream, generationKwargs } = this.options;
			return {
				stream,
				messages: toMessages(input),
				...stream ? { stream_options: { include_usage: true } } : {},
				...lengthFields(maxOutLen, args),
				...generationKwargs,
				max_tokens: maxOutLen,
				model: modelNameFor(this, args),
				...args?.tools === void 0 ? {} : { tools: args.tools }
			};
		}
		parseTextResponse(data, output) {
			const choice = firstChoiceIn(data);
			readMessage(choice?.message, output);
			readFinishReason(choice, output);
			readUsage(data, output);
		}
		parseStreamResponse(data, output) {
			const choice = firstChoiceIn(data);
			readMessage(choice?.delta, output);
			readFinishReason(choice, output);
			readUsage(data, output);
		}
		streamIsComplete(output, sawDone) {
			return saidItIsComplete(output, sawDone);
		}
		/** The prompt is the dialogue in the server's chat template, with the tokens that open the answer. */
		getPplRequestBody(input, output, args) {
			return pplBody(this.getRequestBody(input, 1, output, args), { prompt_logprobs: 0 });
		}
		getPromptLogprobs(data) {
			return promptLogprobsIn(data?.prompt_logprobs);
		}
	};
}));
// src/models/api/vllm-custom-api-old.ts
var vllm_custom_api_old_exports = /* @__PURE__ */ __exportAll({ VLLMCustomAPIOld: () => VLLMCustomAPIOld });
function answerIn(data, output) {
	const text = textIn(data?.text?.[0]);
	const prompt = toText(output.input ?? "");
	return text.startsWith(prompt) ? text.slice(prompt.length) : text;
}
var VLLMCustomAPIOld;
var init_vllm_custom_api_old = __esmMin((() => {
	init_base_api_model();
	init_prompt_list();
	init_json();
	init_own_option();
	VLLMCustomAPIOld = class extends BaseAPIModel {
		/** `stream_text`: whether an event brings all of the text so far (`cumulative`, vLLM) or what is new (`incremental`). */
		static extraOptions = ["stream_text"];
		#streamText = choiceOf(this.options, "stream_text", ["cumulative", "incremental"]);
		getUrl() {
			return endpointUrl(this.baseUrl, "generate");
		}
		/** Names no model: the server has one, and refuses keys that it does not know. */
		getRequestBody(input, maxOutLen, _output, args) {
			refuseAdapter("VLLMCustomAPIOld", args);
			refuseMedia("VLLMCustomAPIOld", input);
			const { stream, generationKwargs } = this.options;
			return {
				prompt: toText(input),
				stream,
				...generationKwargs,
				max_tokens: maxOutLen
			};
		}
		parseTextResponse(data, output) {
			output.content = answerIn(data, output);
		}
		parseStreamResponse(data, output) {
			if (this.#streamText === "cumulative") output.content = answerIn(data, output);
			else output.content += textIn(data?.text?.[0]);
		}
	};
}));
// src/models/api/generate-request.ts
/** `inputs` and `parameters`; `details` are asked for, since only they count tokens and name the finish reason. */
function generateRequest(input, maxOutLen, { generationKwargs }, args) {
	const adapter = args?.adapter === void 0 ? {} : { adapter_id: args.adapter };
	return {
		inputs: toText(input),
		parameters: {
			details: true,
			...generationKwargs,
			max_new_tokens: maxOutLen,
			...adapter
		}
	};
}
/** Takes over token counts and finish reason, where the reply has them. */
function readDetails(details, output) {
	const inputTokens = details?.input_length ?? (listIn(details?.prefill).length || void 0);
	if (typeof inputTokens === "number") output.inputTokens = inputTokens;
	if (typeof details?.generated_tokens === "number") output.outputTokens = details.generated_tokens;
	output.finishReason = finishReasonIn(details?.finish_reason) ?? output.finishReason;
}
var init_generate_request = __esmMin((() => {
	init_prompt_list();
	init_finish_reason();
	init_json();
}));
// src/models/api/tgi-custom-api.ts
var tgi_custom_api_exports = /* @__PURE__ */ __exportAll({ TGICustomAPI: () => TGICustomAPI });
var TGICustomAPI;
var init_tgi_custom_api = __esmMin((() => {
	init_base_api_model();
	init_prompt_list();
	init_generate_request();
	init_json();
	init_openai();
	init_own_option();
	TGICustomAPI = class extends BaseAPIModel {
		/** Streams whose last event has come: without `details` nothing else tells that they are whole. */
		#whole = /* @__PURE__ */ new WeakSet();
		getUrl() {
			return endpointUrl(this.baseUrl, this.options.stream ? "generate_stream" : "generate");
		}
		getRequestBody(input, maxOutLen, _output, args) {
			refuseMedia("TGICustomAPI", input);
			return generateRequest(input, maxOutLen, this.options, args);
		}
		parseTextResponse(data, output) {
			output.content = textIn(data?.generated_text);
			readDetails(data?.details, output);
		}
		parseStreamResponse(data, output) {
			const token = data?.token;
			if (token?.special !== true) output.content += textIn(token?.text);
			readDetails(data?.details, output);
			if (typeof data?.generated_text === "string") this.#end(data.generated_text, output);
		}
		streamIsComplete(output, sawDone) {
			return saidItIsComplete(output, sawDone) || this.#whole.has(output);
		}
		getPplRequestBody(input, _output, args) {
			const { inputs, parameters } = generateRequest(input, 1, this.options, args);
			return {
				inputs,
				parameters: {
					...parameters,
					details: true,
					decoder_input_details: true
				}
			};
		}
		getPromptLogprobs(data) {
			return listIn(data?.details?.prefill).map((token) => token?.logprob ?? null);
		}
		/** The last event repeats the whole text; it is only compared: its time is not the text's. */
		#end(generatedText, output) {
			this.#whole.add(output);
			if ((this.options.generationKwargs["return_full_text"] === true ? toText(output.input ?? "") : "") + output.content !== generatedText) output.extraDetailsData["generated_text_differs"] = generatedText;
		}
	};
}));
// src/models/api/triton-custom-api.ts
var triton_custom_api_exports = /* @__PURE__ */ __exportAll({ TritonCustomAPI: () => TritonCustomAPI });
/** A backend whose output tensor has room for a batch answers with a list of one. */
function outputIn(data) {
	return textIn([data?.text_output].flat()[0]);
}
var TritonCustomAPI;
var init_triton_custom_api = __esmMin((() => {
	init_base_api_model();
	init_prompt_list();
	init_json();
	init_own_option();
	TritonCustomAPI = class extends BaseAPIModel {
		/**
		* `parameters_at`: `parameters` sends AISBench's body, as MindIE takes it; `top_level` puts the same keys beside
		* `text_input`, with `stream`, as stock backends take them. `max_tokens_field`: what the backend calls the length;
		* `max_new_tokens` in `parameters`, `max_tokens` at top level.
		*/
		static extraOptions = ["parameters_at", "max_tokens_field"];
		#parametersAt = choiceOf(this.options, "parameters_at", ["parameters", "top_level"]);
		getUrl() {
			const model = encodeURIComponent(this.getServiceModelPath());
			const endpoint = this.options.stream ? "generate_stream" : "generate";
			return endpointUrl(this.baseUrl, `v2/models/${model}/${endpoint}`);
		}
		getRequestBody(input, maxOutLen, _output, args) {
			refuseAdapter("TritonCustomAPI", args);
			refuseMedia("TritonCustomAPI", input);
			const { stream, generationKwargs, maxTokensField } = this.options;
			const request = {
				id: `${args.conversationId}-${args.turn}`,
				text_input: toText(input)
			};
			if (this.#parametersAt === "top_level") return {
				...request,
				...generationKwargs,
				stream,
				[String(maxTokensField ?? "max_tokens")]: maxOutLen
			};
			const parameters = {
				...generationKwargs,
				[String(maxTokensField ?? "max_new_tokens")]: maxOutLen
			};
			return {
				...request,
				parameters
			};
		}
		parseTextResponse(data, output) {
			output.content = outputIn(data);
		}
		parseStreamResponse(data, output) {
			output.content += outputIn(data);
		}
	};
}));
// src/models/api/mindie-stream-api.ts
var mindie_stream_api_exports = /* @__PURE__ */ __exportAll({ MindieStreamApi: () => MindieStreamApi });
var MindieStreamApi;
var init_mindie_stream_api = __esmMin((() => {
	init_base_api_model();
	init_generate_request();
	init_json();
	init_own_option();
	MindieStreamApi = class extends BaseAPIModel {
		getUrl() {
			return endpointUrl(this.baseUrl, "infer");
		}
		getRequestBody(input, maxOutLen, _output, args) {
			refuseMedia("MindieStreamApi", input);
			const { inputs, parameters } = generateRequest(input, maxOutLen, this.options, args);
			return {
				inputs,
				stream: this.options.stream,
				parameters
			};
		}
		parseTextResponse(data, output) {
			output.content = textIn(data?.generated_text);
			readDetails(data?.details, output);
		}
		/** An event brings its token, or all of the text so far (in the last event, or in every one): the text is believed. */
		parseStreamResponse(data, output) {
			output.content = textIn(data?.generated_text) || output.content + textIn(data?.token?.text);
			readDetails(data?.details, output);
		}
	};
}));
// src/models/media-part.ts
/** `file:`, `data:` or `http(s):` URL of a part, also where it stands without an object around it; undefined where it has none. */
function urlOf$1(part) {
	const media = part[part.type];
	const url = media?.url ?? media;
	return typeof url === "string" ? url : void 0;
}
/** Whether a text is the URL of a medium, and not a bare path or base64. */
function isMediaUrl(text) {
	return /^(file:\/\/|data:|https?:\/\/)/i.test(text);
}
/** The URL of a video that is given as its frames. */
function framesUrl(files) {
	return files.map((file) => file.replaceAll(",", "%2C")).join(",");
}
var LARGEST_INLINE_BYTES;
var init_media_part = __esmMin((() => {
	LARGEST_INLINE_BYTES = 64 * 2 ** 20;
}));
// src/models/api/vita-generate-api.ts
var vita_generate_api_exports = /* @__PURE__ */ __exportAll({ VITAGenerateAPI: () => VITAGenerateAPI });
/** OpenAI's `{ type, image_url: { url } }` as `{ type, image_url: url }`, files by their bare path. */
function flatPart(part) {
	const { type } = part;
	const url = urlOf$1(part);
	if (type === "text" || url === void 0) return part;
	return {
		type,
		[type]: url.startsWith("file://") ? barePath(url) : url
	};
}
/** A URL that we made has its blanks encoded; one that a config wrote may have a path as it is, with any sign in it. */
function barePath(url) {
	const path = url.slice(7);
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}
var VITAGenerateAPI;
var init_vita_generate_api = __esmMin((() => {
	init_base_api_model();
	init_media_part();
	init_prompt_list();
	init_json();
	init_openai();
	VITAGenerateAPI = class extends BaseAPIModel {
		getUrl() {
			return endpointUrl(this.baseUrl, "generate");
		}
		getRequestBody(input, maxOutLen, _output, args) {
			const { stream, generationKwargs } = this.options;
			return {
				prompt: toMessages(input).flatMap(({ content }) => typeof content === "string" ? [{
					type: "text",
					text: content
				}] : content.map(flatPart)),
				stream,
				...generationKwargs,
				max_tokens: maxOutLen,
				model: modelNameFor(this, args)
			};
		}
		parseTextResponse(data, output) {
			output.content = textIn(data?.text?.[0]);
		}
		parseStreamResponse(data, output) {
			output.content += textIn(data?.text?.[0]);
		}
	};
}));
// src/models/api/open-tool-calls.ts
var OpenToolCalls;
var init_open_tool_calls = __esmMin((() => {
	OpenToolCalls = class {
		#calls = /* @__PURE__ */ new WeakMap();
		open(output, index, call) {
			output.toolCalls.push(call);
			const calls = this.#calls.get(output) ?? /* @__PURE__ */ new Map();
			this.#calls.set(output, calls.set(index, call));
		}
		/** Adds to a call's arguments. A call that was never opened gets no name, but is not lost. */
		extend(output, index, piece) {
			if (this.at(output, index) === void 0) this.open(output, index, {
				name: "",
				arguments: ""
			});
			this.at(output, index).arguments += piece;
		}
		at(output, index) {
			return this.#calls.get(output)?.get(index);
		}
	};
}));
// src/models/api/openai-responses-input.ts
/** Text stays text; messages become items, tool calls and their results items of their own. */
function responsesInput(input) {
	return typeof input === "string" ? input : input.flatMap(itemsOf$3);
}
function itemsOf$3({ role, content, tool_calls, tool_call_id, ...rest }) {
	if (role === "tool") return [{
		type: "function_call_output",
		call_id: tool_call_id,
		output: content
	}];
	const calls = Array.isArray(tool_calls) ? tool_calls.map(callItem) : [];
	if (calls.length > 0 && content === "") return calls;
	return [{
		role,
		content: typeof content === "string" ? content : content.map((part) => partOf$1(part, role)),
		...rest
	}, ...calls];
}
function callItem(call) {
	const { name, arguments: args } = call.function;
	return {
		type: "function_call",
		call_id: call.id,
		name,
		arguments: args
	};
}
function partOf$1(part, role) {
	if (part.type === "text") return {
		...part,
		type: role === "assistant" ? "output_text" : "input_text"
	};
	if (part.type !== "image_url") return part;
	const { detail } = part["image_url"];
	return {
		type: "input_image",
		image_url: urlOf$1(part),
		...detail === void 0 ? {} : { detail }
	};
}
/** A function without the `function` member that chat completions wrap it in. */
function responsesTool(tool) {
	return tool?.type === "function" && tool.function ? {
		type: "function",
		...tool.function
	} : tool;
}
var init_openai_responses_input = __esmMin((() => {
	init_media_part();
}));
// src/models/api/openai-responses.ts
var openai_responses_exports = /* @__PURE__ */ __exportAll({ OpenAIResponses: () => OpenAIResponses });
function textOf$5(parts) {
	return listIn(parts).map((part) => textIn(part?.text) || textIn(part?.refusal)).join("");
}
function callIn$1({ call_id: id, name, arguments: args }) {
	return {
		id,
		name: textIn(name),
		arguments: textIn(args)
	};
}
/** Status, token counts and, where the service gave up, why. */
function readEnd$1(response, output) {
	const { status, error, incomplete_details, usage } = response ?? {};
	if (status === "failed") output.error = textIn(error?.message) || "the service says that it failed";
	if (status === "completed") output.finishReason = output.toolCalls.length > 0 ? "tool_calls" : "stop";
	if (status === "incomplete") output.finishReason = finishReasonIn(incomplete_details?.reason) ?? status;
	readTokenCounts(usage?.input_tokens, usage?.output_tokens, output);
}
var OpenAIResponses;
var init_openai_responses = __esmMin((() => {
	init_base_api_model();
	init_finish_reason();
	init_json();
	init_open_tool_calls();
	init_openai();
	init_openai_responses_input();
	init_own_option();
	OpenAIResponses = class extends BaseAPIModel {
		#calls = new OpenToolCalls();
		getUrl() {
			return endpointUrl(this.baseUrl, "v1/responses");
		}
		getRequestBody(input, maxOutLen, _output, args) {
			refuseMedia("OpenAIResponses", input, ["video_url", "audio_url"]);
			const { stream, generationKwargs } = this.options;
			return {
				input: responsesInput(input),
				stream,
				...generationKwargs,
				max_output_tokens: maxOutLen,
				model: modelNameFor(this, args),
				...args?.tools === void 0 ? {} : { tools: args.tools.map(responsesTool) }
			};
		}
		parseTextResponse(data, output) {
			for (const item of listIn(data?.output)) {
				if (item?.type === "message") output.content += textOf$5(item.content);
				if (item?.type === "reasoning") output.reasoningContent += textOf$5(item.content) || textOf$5(item.summary);
				if (item?.type === "function_call") output.toolCalls.push(callIn$1(item));
			}
			readEnd$1(data, output);
		}
		parseStreamResponse(event, output) {
			const { type, item, output_index } = event ?? {};
			const delta = textIn(event?.delta);
			if (/^response\.(output_text|refusal)\.delta$/.test(type)) output.content += delta;
			else if (/^response\.reasoning\w*\.delta$/.test(type)) output.reasoningContent += delta;
			else if (type === "response.function_call_arguments.delta") this.#calls.extend(output, output_index, delta);
			else if (type === "response.output_item.added") {
				output.role = item?.role ?? output.role;
				if (item?.type === "function_call") this.#calls.open(output, output_index, callIn$1(item));
			} else if (/^response\.(completed|incomplete|failed)$/.test(type)) readEnd$1(event.response, output);
			else if (type === "error") output.error = textIn(event.message) || "the service reports an error";
		}
		streamIsComplete(output, sawDone) {
			return saidItIsComplete(output, sawDone);
		}
	};
}));
// src/models/api/anthropic-input.ts
/** The dialogue without its system messages, and those as one text. */
function anthropicInput(input) {
	const all = toMessages(input);
	const system = all.filter(({ role }) => role === "system");
	const turns = all.filter(({ role }) => role !== "system");
	const messages = turns.flatMap((turn, n) => turn.role === "tool" ? resultsFrom(turns, n) : [messageOf$1(turn)]);
	return system.length === 0 ? { messages } : {
		system: toText(system),
		messages
	};
}
/** The results of one turn's calls belong into one message: it stands where the first of them stood. */
function resultsFrom(turns, n) {
	if (turns[n - 1]?.role === "tool") return [];
	const length = turns.slice(n).findIndex(({ role }) => role !== "tool");
	return [{
		role: "user",
		content: turns.slice(n, length < 0 ? void 0 : n + length).map(({ tool_call_id: tool_use_id, content }) => ({
			type: "tool_result",
			tool_use_id,
			content
		}))
	}];
}
function messageOf$1({ role, content, tool_calls }) {
	if (!Array.isArray(tool_calls) || tool_calls.length === 0) return {
		role,
		content: typeof content === "string" ? content : content.map(blockOf)
	};
	return {
		role,
		content: [...(typeof content === "string" ? [{
			type: "text",
			text: content
		}] : content).filter((part) => part["text"] !== "").map(blockOf), ...tool_calls.map(toolUse)]
	};
}
function toolUse({ id, function: { name, arguments: args } }) {
	return {
		type: "tool_use",
		id,
		name,
		input: objectIn(args)
	};
}
/** The API takes objects only; a model may have written anything. */
function objectIn(json) {
	try {
		const value = JSON.parse(json);
		return typeof value === "object" && value !== null ? value : {};
	} catch {
		return {};
	}
}
function blockOf(part) {
	const url = urlOf$1(part);
	if (part.type !== "image_url" || url === void 0) return part;
	const [, media_type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
	return {
		type: "image",
		source: data === void 0 ? {
			type: "url",
			url
		} : {
			type: "base64",
			media_type,
			data
		}
	};
}
/** A function as chat completions describe it, in Anthropic's words. */
function anthropicTool(tool) {
	if (tool?.type !== "function" || !tool.function) return tool;
	const { name, description, parameters } = tool.function;
	return {
		name,
		...description === void 0 ? {} : { description },
		input_schema: parameters
	};
}
var init_anthropic_input = __esmMin((() => {
	init_media_part();
	init_prompt_list();
}));
// src/models/api/anthropic-messages.ts
var anthropic_messages_exports = /* @__PURE__ */ __exportAll({ AnthropicMessages: () => AnthropicMessages });
/** Text and thinking of a block, or of a delta of one. */
function readText$1(block, output) {
	output.content += textIn(block?.text);
	output.reasoningContent += textIn(block?.thinking);
}
function callIn({ id, name }, args) {
	return {
		id,
		name: textIn(name),
		arguments: args
	};
}
function readEnd(end, output) {
	const { stop_reason, usage } = end ?? {};
	output.finishReason = finishReasonIn(stop_reason) ?? output.finishReason;
	const { input_tokens, cache_read_input_tokens: read, cache_creation_input_tokens: created } = usage ?? {};
	readTokenCounts(input_tokens === void 0 ? void 0 : input_tokens + (read ?? 0) + (created ?? 0), usage?.output_tokens, output);
}
var AnthropicMessages;
var init_anthropic_messages = __esmMin((() => {
	init_base_api_model();
	init_anthropic_input();
	init_finish_reason();
	init_json();
	init_open_tool_calls();
	init_openai();
	init_own_option();
	AnthropicMessages = class extends BaseAPIModel {
		/** `anthropic_version`: the header of that name, `2023-06-01` unless given. */
		static extraOptions = ["anthropic_version"];
		#calls = new OpenToolCalls();
		getUrl() {
			return endpointUrl(this.baseUrl, "v1/messages");
		}
		headers() {
			const { apiKey, anthropicVersion } = this.options;
			return {
				"anthropic-version": String(anthropicVersion ?? "2023-06-01"),
				...apiKey === "" ? {} : { "x-api-key": apiKey }
			};
		}
		getRequestBody(input, maxOutLen, _output, args) {
			refuseMedia("AnthropicMessages", input, ["video_url", "audio_url"]);
			const { stream, generationKwargs } = this.options;
			return {
				...anthropicInput(input),
				stream,
				...generationKwargs,
				max_tokens: maxOutLen,
				model: modelNameFor(this, args),
				...args?.tools === void 0 ? {} : { tools: args.tools.map(anthropicTool) }
			};
		}
		parseTextResponse(data, output) {
			for (const block of listIn(data?.content)) {
				readText$1(block, output);
				if (block?.type === "tool_use") output.toolCalls.push(callIn(block, JSON.stringify(block.input ?? {})));
			}
			readEnd(data, output);
		}
		parseStreamResponse(event, output) {
			const { type, index, delta, content_block: block, message } = event ?? {};
			if (type === "message_start") {
				output.role = message?.role;
				readEnd(message, output);
			} else if (type === "content_block_start") {
				readText$1(block, output);
				if (block?.type === "tool_use") this.#calls.open(output, index, callIn(block, ""));
			} else if (type === "content_block_delta") {
				readText$1(delta, output);
				if (delta?.partial_json) this.#calls.extend(output, index, textIn(delta.partial_json));
			} else if (type === "content_block_stop") {
				if (this.#calls.at(output, index)?.arguments === "") this.#calls.extend(output, index, "{}");
			} else if (type === "message_delta") readEnd({
				...delta,
				usage: event.usage
			}, output);
		}
		streamIsComplete(output, sawDone) {
			return saidItIsComplete(output, sawDone);
		}
	};
}));
// src/models/local/vllm-offline-vl.ts
var vllm_offline_vl_exports = /* @__PURE__ */ __exportAll({ VLLMOfflineVLModel: () => VLLMOfflineVLModel });
var VLLMOfflineVLModel;
var init_vllm_offline_vl = __esmMin((() => {
	init_python_options();
	init_worker_model();
	VLLMOfflineVLModel = class extends WorkerModel {
		constructor(options) {
			super(options, "ais_bench_worker.engines.vllm_offline:OfflineModel", pythonOptions(options));
		}
	};
}));
// src/dataset/builtin/gsm8k.ts
/**
* GSM8K, grade-school word problems: openai/grade-school-math, MIT licence. Files `train.jsonl` (worked examples) and
* `test.jsonl` (1,319 problems), rows `{question, answer}`.
*/
var gsm8k_exports = /* @__PURE__ */ __exportAll({
	GSM8KDataset: () => GSM8KDataset,
	toGsm8kRow: () => toGsm8kRow
});
/** Checks a `{question, answer}` row and adds `worked` and `gold`. Throws DSET-DATA-002 naming `where`. */
function toGsm8kRow(row, where) {
	const { question, answer } = row;
	if (typeof question !== "string") throw badRow(where, "it has no text in column 'question'");
	if (typeof answer !== "string") throw badRow(where, "it has no text in column 'answer'");
	const [steps = "", number] = answer.split(GOLD_MARK);
	if (number === void 0) throw badRow(where, `its answer has no line '${GOLD_MARK}N'`);
	const gold = number.replaceAll(",", "").trim();
	if (!/^-?\d+$/.test(gold)) throw badRow(where, `its answer '${gold}' is not an integer`);
	return {
		...row,
		question,
		answer,
		worked: `${withoutAnnotations(steps)}The answer is ${gold}`,
		gold
	};
}
function withoutAnnotations(steps) {
	return steps.replace(/<<[^\n]*?>>/g, "");
}
var SOURCE$16, DEFAULT_PATH$8, GOLD_MARK, GSM8KDataset;
var init_gsm8k = __esmMin((() => {
	init_locate();
	init_read$1();
	SOURCE$16 = "github.com/openai/grade-school-math (folder grade_school_math/data, MIT licence)";
	DEFAULT_PATH$8 = "ais_bench/datasets/gsm8k";
	GOLD_MARK = "#### ";
	GSM8KDataset = {
		name: "GSM8KDataset",
		async load(options) {
			const path = options.path === "" ? DEFAULT_PATH$8 : options.path;
			const wanted = {
				files: ["test.jsonl"],
				source: SOURCE$16
			};
			const folder = await locateFolder({
				path,
				roots: options.roots
			}, wanted);
			const train = join(folder, "train.jsonl");
			return {
				test: await readJsonl(join(folder, "test.jsonl"), toGsm8kRow),
				train: await fileExists(train) ? await readJsonl(train, toGsm8kRow) : []
			};
		}
	};
}));
// src/dataset/builtin/demo-problems.ts
function problem(question, ...answerLines) {
	return {
		question,
		answer: answerLines.join("\n")
	};
}
var DEMO_TRAIN, DEMO_TEST;
var init_demo_problems = __esmMin((() => {
	DEMO_TRAIN = [
		problem("A bakery bakes 6 trays of 12 rolls each morning. Before noon it sells 40 rolls, and in the afternoon it sells half of the rolls that are left. How many rolls remain at closing time?", "The bakery bakes 6 * 12 = <<6*12=72>>72 rolls.", "After the morning 72 - 40 = <<72-40=32>>32 rolls are left.", "Half of them stay, so 32 / 2 = <<32/2=16>>16 rolls remain.", "#### 16"),
		problem("Jonas has 5 bags with 14 marbles in each. He gives 9 marbles to each of his 4 friends and then buys 2 more bags of the same size. How many marbles does he have in the end?", "At first Jonas has 5 * 14 = <<5*14=70>>70 marbles.", "He gives away 9 * 4 = <<9*4=36>>36 marbles.", "That leaves 70 - 36 = <<70-36=34>>34 marbles.", "The new bags hold 2 * 14 = <<2*14=28>>28 marbles.", "In the end he has 34 + 28 = <<34+28=62>>62 marbles.", "#### 62"),
		problem("A gym charges $25 a month and a joining fee of $40 that is paid once. New members pay half of the monthly price for their first 2 months. How many dollars does a new member pay in the first 12 months?", "A reduced month costs 25 / 2 = $<<25/2=12.5>>12.50.", "The two reduced months cost 12.5 * 2 = $<<12.5*2=25>>25.", "There are 12 - 2 = <<12-2=10>>10 months at full price.", "They cost 10 * 25 = $<<10*25=250>>250.", "With the fee that makes 25 + 250 + 40 = $<<25+250+40=315>>315.", "#### 315"),
		problem("Maya rides a route of 60 km. She cycles at 12 km an hour for 2 hours and then at 16 km an hour for 1.5 hours. How many kilometres does she still have to ride?", "In the first part she rides 12 * 2 = <<12*2=24>>24 km.", "In the second part she rides 16 * 1.5 = <<16*1.5=24>>24 km.", "Together that is 24 + 24 = <<24+24=48>>48 km.", "She still has 60 - 48 = <<60-48=12>>12 km to ride.", "#### 12"),
		problem("A youth orchestra has 24 violins, half as many cellos as violins, and 4 fewer flutes than cellos. How many of these instruments does it have altogether?", "It has 24 / 2 = <<24/2=12>>12 cellos.", "It has 12 - 4 = <<12-4=8>>8 flutes.", "Altogether that is 24 + 12 + 8 = <<24+12+8=44>>44 instruments.", "#### 44"),
		problem("Each of the 5 people in a household uses 110 litres of water a day. New taps lower the use of the whole household by 20%. How many litres does the household use in 30 days with the new taps?", "Before, the household uses 5 * 110 = <<5*110=550>>550 litres a day.", "The taps save 550 * 0.2 = <<550*0.2=110>>110 litres a day.", "Now it uses 550 - 110 = <<550-110=440>>440 litres a day.", "In 30 days that is 440 * 30 = <<440*30=13200>>13,200 litres.", "#### 13,200"),
		problem("In a class of 30 pupils, two fifths play football. One third of the other pupils play chess, and the rest play neither. How many pupils play neither?", "Football is played by 30 * 2 / 5 = <<30*2/5=12>>12 pupils.", "The others are 30 - 12 = <<30-12=18>>18 pupils.", "Chess is played by 18 / 3 = <<18/3=6>>6 of them.", "Neither is played by 18 - 6 = <<18-6=12>>12 pupils.", "#### 12"),
		problem("A box holds 48 chocolates. Their father eats a quarter of them, and 4 children share the rest equally. How many chocolates does each child get?", "The father eats 48 / 4 = <<48/4=12>>12 chocolates.", "The rest is 48 - 12 = <<48-12=36>>36 chocolates.", "Each child gets 36 / 4 = <<36/4=9>>9 chocolates.", "#### 9")
	];
	DEMO_TEST = [
		problem("Priya reads 18 pages of a novel on every weekday and 30 pages on each day of the weekend. How many pages does she read in 3 weeks?", "On weekdays she reads 18 * 5 = <<18*5=90>>90 pages a week.", "On the weekend she reads 30 * 2 = <<30*2=60>>60 pages.", "In a week that is 90 + 60 = <<90+60=150>>150 pages.", "In 3 weeks she reads 150 * 3 = <<150*3=450>>450 pages.", "#### 450"),
		problem("A ferry has room for 24 cars and makes 7 crossings a day. On Friday two of the crossings ran half full, and all the others were full. How many cars did the ferry carry on Friday?", "There were 7 - 2 = <<7-2=5>>5 full crossings.", "They carried 5 * 24 = <<5*24=120>>120 cars.", "A half full crossing carries 24 / 2 = <<24/2=12>>12 cars.", "The two of them carried 12 * 2 = <<12*2=24>>24 cars.", "Altogether that is 120 + 24 = <<120+24=144>>144 cars.", "#### 144"),
		problem("Tom's rain barrel holds 90 litres. On Monday it is one third full. Rain adds 25 litres on Tuesday, and on Wednesday Tom uses 14 litres for the garden. How many more litres are needed to fill the barrel?", "On Monday the barrel holds 90 / 3 = <<90/3=30>>30 litres.", "After the rain it holds 30 + 25 = <<30+25=55>>55 litres.", "After watering it holds 55 - 14 = <<55-14=41>>41 litres.", "To fill it, 90 - 41 = <<90-41=49>>49 litres are needed.", "#### 49"),
		problem("A jacket costs $80. The shop takes 25% off, and then a coupon takes another $6 off. Lena pays with a $100 bill. How many dollars does she get back?", "The shop takes off 80 * 0.25 = $<<80*0.25=20>>20.", "The price is then 80 - 20 = $<<80-20=60>>60.", "With the coupon she pays 60 - 6 = $<<60-6=54>>54.", "She gets back 100 - 54 = $<<100-54=46>>46.", "#### 46"),
		problem("Three friends pick apples. Ben picks 22 apples, Ana picks 15 more than Ben, and Carl picks twice as many as Ana. How many apples do they pick altogether?", "Ana picks 22 + 15 = <<22+15=37>>37 apples.", "Carl picks 37 * 2 = <<37*2=74>>74 apples.", "Altogether they pick 22 + 37 + 74 = <<22+37+74=133>>133 apples.", "#### 133"),
		problem("A train starts with 180 passengers. At the first stop 45 of them leave and 28 people board. At the second stop 52 passengers leave and 17 people board. How many passengers are on the train after the second stop?", "After 45 leave, 180 - 45 = <<180-45=135>>135 passengers are left.", "With those who board there are 135 + 28 = <<135+28=163>>163 passengers.", "At the second stop 163 - 52 = <<163-52=111>>111 passengers stay.", "With those who board there are 111 + 17 = <<111+17=128>>128 passengers.", "#### 128"),
		problem("A printer prints 24 pages a minute. It has to print 5 copies of a report of 96 pages. Paper must be refilled after the second copy and again after the fourth, and each refill takes 3 minutes. How many minutes does the whole job take?", "The copies have 96 * 5 = <<96*5=480>>480 pages.", "Printing them takes 480 / 24 = <<480/24=20>>20 minutes.", "The refills take 2 * 3 = <<2*3=6>>6 minutes.", "The whole job takes 20 + 6 = <<20+6=26>>26 minutes.", "#### 26"),
		problem("Marco saves $35 a week for 8 weeks. Then he spends $120 on shoes and gives a quarter of what is left to his sister. How many dollars does he still have?", "Marco saves 35 * 8 = $<<35*8=280>>280.", "After buying the shoes he has 280 - 120 = $<<280-120=160>>160.", "His sister gets 160 / 4 = $<<160/4=40>>40.", "He still has 160 - 40 = $<<160-40=120>>120.", "#### 120"),
		problem("The lower ring of a stadium has 45 rows of 60 seats, and the upper ring has 30 rows of 50 seats. At a match 350 seats stay empty. How many seats are taken?", "The lower ring has 45 * 60 = <<45*60=2700>>2,700 seats.", "The upper ring has 30 * 50 = <<30*50=1500>>1,500 seats.", "Together they have 2700 + 1500 = <<2700+1500=4200>>4,200 seats.", "Taken are 4200 - 350 = <<4200-350=3850>>3,850 seats.", "#### 3,850"),
		problem("On a farm 14 hens lay 5 eggs a week each, and 9 other hens lay 6 eggs a week each. The farmer keeps 10 eggs a week and sells the rest in boxes of 6 for $3 a box. How many dollars does he earn in a week?", "The first hens lay 14 * 5 = <<14*5=70>>70 eggs.", "The other hens lay 9 * 6 = <<9*6=54>>54 eggs.", "Together they lay 70 + 54 = <<70+54=124>>124 eggs.", "The farmer sells 124 - 10 = <<124-10=114>>114 of them.", "They fill 114 / 6 = <<114/6=19>>19 boxes.", "He earns 19 * 3 = $<<19*3=57>>57.", "#### 57"),
		problem("Nina walks 1.5 km to school and the same way back on each of the 5 school days. On Tuesdays and Thursdays she also walks 2 km to her club and 2 km back. How many kilometres does she walk in a school week?", "On a school day she walks 1.5 * 2 = <<1.5*2=3>>3 km.", "In 5 days that is 3 * 5 = <<3*5=15>>15 km.", "A visit to the club adds 2 + 2 = <<2+2=4>>4 km.", "Two visits add 4 * 2 = <<4*2=8>>8 km.", "In the week she walks 15 + 8 = <<15+8=23>>23 km.", "#### 23"),
		problem("Two pipes fill a tank of 300 litres that is empty at first. One brings 12 litres a minute and the other 8 litres a minute, but a leak loses 5 litres a minute. How many minutes does it take until the tank is full?", "The pipes bring 12 + 8 = <<12+8=20>>20 litres a minute.", "With the leak 20 - 5 = <<20-5=15>>15 litres a minute stay in the tank.", "Filling it takes 300 / 15 = <<300/15=20>>20 minutes.", "#### 20"),
		problem("Sam is 4 times as old as his daughter. In 6 years their ages will add up to 62. How old is Sam now?", "In 6 years both are older, by 6 * 2 = <<6*2=12>>12 years together.", "Now their ages add up to 62 - 12 = <<62-12=50>>50.", "The daughter is one part and Sam is 4 parts, 1 + 4 = <<1+4=5>>5 parts.", "One part is 50 / 5 = <<50/5=10>>10 years.", "Sam is 10 * 4 = <<10*4=40>>40 years old.", "#### 40"),
		problem("A pancake recipe for 6 people needs 450 g of flour. A cook wants to make it for exactly 20 people and has 680 g of flour at home. How many more grams of flour does the cook need?", "One person needs 450 / 6 = <<450/6=75>>75 g.", "Twenty people need 75 * 20 = <<75*20=1500>>1,500 g.", "The cook needs 1500 - 680 = <<1500-680=820>>820 g more.", "#### 820"),
		problem("A theatre sells tickets for $18 to adults and for $11 to children. On Saturday 140 adults and 85 children come, and the evening costs the theatre $1,200. How many dollars are left after the costs?", "The adults pay 140 * 18 = $<<140*18=2520>>2,520.", "The children pay 85 * 11 = $<<85*11=935>>935.", "Together they pay 2520 + 935 = $<<2520+935=3455>>3,455.", "After the costs 3455 - 1200 = $<<3455-1200=2255>>2,255 are left.", "#### 2255"),
		problem("A tablet that is fully charged loses 8 percent of its full charge in every hour of video and 3 percent in every hour of standby. It plays video for 5 hours and stands by for 7 hours. How many percent of the charge are left?", "The video uses 5 * 8 = <<5*8=40>>40 percent.", "Standby uses 7 * 3 = <<7*3=21>>21 percent.", "Together that is 40 + 21 = <<40+21=61>>61 percent.", "Left are 100 - 61 = <<100-61=39>>39 percent.", "#### 39"),
		problem("A carpenter has 6 boards, each 240 cm long, and cuts shelves of 50 cm from them. Pieces cannot be glued together. How many shelves can the carpenter cut?", "Four shelves use 4 * 50 = <<4*50=200>>200 cm of a board.", "The 240 - 200 = <<240-200=40>>40 cm that are left are too short for another.", "The 6 boards give 6 * 4 = <<6*4=24>>24 shelves.", "#### 24"),
		problem("A fence runs all the way around a rectangular garden that is 18 m long and 12 m wide. There is a post every 3 m, and each post costs $7. How many dollars do the posts cost?", "The fence is 2 * (18 + 12) = <<2*(18+12)=60>>60 m long.", "Because it closes on itself it has 60 / 3 = <<60/3=20>>20 posts.", "They cost 20 * 7 = $<<20*7=140>>140.", "#### 140"),
		problem("Ella earns $16 an hour for the first 40 hours of a week and one and a half times as much for every hour after that. How many dollars does she earn in a week of 46 hours?", "For the first hours she earns 40 * 16 = $<<40*16=640>>640.", "An hour after that pays 16 * 1.5 = $<<16*1.5=24>>24.", "There are 46 - 40 = <<46-40=6>>6 of them.", "They pay 6 * 24 = $<<6*24=144>>144.", "She earns 640 + 144 = $<<640+144=784>>784.", "#### 784"),
		problem("A phone costs $600. The shop raises the price by 20%, and a month later it lowers the new price by 20%. How many dollars does the phone cost then?", "The rise is 600 * 0.2 = $<<600*0.2=120>>120.", "The new price is 600 + 120 = $<<600+120=720>>720.", "The cut is 720 * 0.2 = $<<720*0.2=144>>144.", "The phone then costs 720 - 144 = $<<720-144=576>>576.", "#### 576"),
		problem("A library has 1,860 books and buys 240 new ones. After that it gives away 15% of all its books. How many books does it have then?", "With the new ones it has 1860 + 240 = <<1860+240=2100>>2,100 books.", "It gives away 2100 * 0.15 = <<2100*0.15=315>>315 books.", "Then it has 2100 - 315 = <<2100-315=1785>>1,785 books.", "#### 1,785"),
		problem("A school hires 3 buses with 52 seats each for a trip. 5 classes of 27 pupils and 8 teachers come along. How many seats stay free?", "The buses have 3 * 52 = <<3*52=156>>156 seats.", "There are 5 * 27 = <<5*27=135>>135 pupils.", "With the teachers that is 135 + 8 = <<135+8=143>>143 people.", "Free are 156 - 143 = <<156-143=13>>13 seats.", "#### 13"),
		problem("On a track of 400 m Ines runs 4 laps in 2 minutes each, rests for 5 minutes, and then runs 4 laps in 3 minutes each. The rest does not count. How many metres a minute does she run on average while she is running?", "The first laps take 4 * 2 = <<4*2=8>>8 minutes.", "The last laps take 4 * 3 = <<4*3=12>>12 minutes.", "She runs for 8 + 12 = <<8+12=20>>20 minutes.", "She runs (4 + 4) * 400 = <<(4+4)*400=3200>>3,200 m.", "On average that is 3200 / 20 = <<3200/20=160>>160 m a minute.", "#### 160"),
		problem("A gardener plants 7 rows of 16 tomato plants. One eighth of the plants die, and each of the others gives 3 kg of tomatoes. A kilogram sells for $2. How many dollars do all the tomatoes bring?", "There are 7 * 16 = <<7*16=112>>112 plants.", "Of these 112 / 8 = <<112/8=14>>14 die.", "The other 112 - 14 = <<112-14=98>>98 plants live.", "They give 98 * 3 = <<98*3=294>>294 kg.", "The tomatoes bring 294 * 2 = $<<294*2=588>>588.", "#### 588"),
		problem("A red candle is 24 cm tall and burns down by 2 cm an hour. A white candle is 30 cm tall and burns down by 3 cm an hour. Both are lit at the same moment. After 5 hours, how many centimetres is the white candle taller than the red one?", "The red candle loses 2 * 5 = <<2*5=10>>10 cm.", "It is then 24 - 10 = <<24-10=14>>14 cm tall.", "The white candle loses 3 * 5 = <<3*5=15>>15 cm.", "It is then 30 - 15 = <<30-15=15>>15 cm tall.", "The difference is 15 - 14 = <<15-14=1>>1 cm.", "#### 1"),
		problem("A warehouse receives 12 pallets with 40 boxes on each, and every box holds 24 cans. 5% of all the cans are damaged. How many cans are not damaged?", "There are 12 * 40 = <<12*40=480>>480 boxes.", "They hold 480 * 24 = <<480*24=11520>>11,520 cans.", "Damaged are 11520 * 0.05 = <<11520*0.05=576>>576 cans.", "Not damaged are 11520 - 576 = <<11520-576=10944>>10,944 cans.", "#### 10,944"),
		problem("A jar holds 48 coins, all of them quarters of 25 cents or dimes of 10 cents. There are 3 times as many quarters as dimes. How many cents are in the jar?", "For each dime there are 3 quarters, a group of 1 + 3 = <<1+3=4>>4 coins.", "So there are 48 / 4 = <<48/4=12>>12 dimes.", "There are 12 * 3 = <<12*3=36>>36 quarters.", "The quarters are worth 36 * 25 = <<36*25=900>>900 cents.", "The dimes are worth 12 * 10 = <<12*10=120>>120 cents.", "Together that is 900 + 120 = <<900+120=1020>>1,020 cents.", "#### 1020"),
		problem("A wall is 6 m wide and 4 m high and has a window of 2 m by 1.5 m that is not painted. The wall gets two coats of paint, and one litre covers 7 square metres. How many litres of paint are needed?", "The wall with its window measures 6 * 4 = <<6*4=24>>24 square metres.", "The window measures 2 * 1.5 = <<2*1.5=3>>3 square metres.", "Painted are 24 - 3 = <<24-3=21>>21 square metres.", "Two coats cover 21 * 2 = <<21*2=42>>42 square metres.", "They need 42 / 7 = <<42/7=6>>6 litres.", "#### 6")
	];
}));
// src/dataset/builtin/demo-gsm8k.ts
var demo_gsm8k_exports = /* @__PURE__ */ __exportAll({ DemoGSM8KDataset: () => DemoGSM8KDataset });
function toRows(problems, split) {
	return problems.map((problem, index) => toGsm8kRow({ ...problem }, `demo ${split} problem ${index}`));
}
var DemoGSM8KDataset;
var init_demo_gsm8k = __esmMin((() => {
	init_demo_problems();
	init_gsm8k();
	DemoGSM8KDataset = {
		name: "DemoGSM8KDataset",
		async load() {
			return {
				train: toRows(DEMO_TRAIN, "train"),
				test: toRows(DEMO_TEST, "test")
			};
		}
	};
}));
// src/dataset/builtin/demo-multi-turn.ts
var demo_multi_turn_exports = /* @__PURE__ */ __exportAll({
	DEMO_DIALOGUES: () => DEMO_DIALOGUES,
	DemoMultiTurnDataset: () => DemoMultiTurnDataset
});
function dialogue(...turns) {
	return turns.map(([question, answer, expression]) => ({
		question,
		answer,
		expression
	}));
}
var DEMO_DIALOGUES, DemoMultiTurnDataset;
var init_demo_multi_turn = __esmMin((() => {
	DEMO_DIALOGUES = [
		dialogue([
			"A baker fills 6 trays with 12 rolls each. How many rolls does she have?",
			72,
			"6*12"
		], [
			"She sells 45 of them. How many are left?",
			27,
			"#1-45"
		], [
			"The rest go into bags of 9. How many bags does she need?",
			3,
			"#2/9"
		]),
		dialogue([
			"A train has 8 carriages with 54 seats each. How many seats does it have?",
			432,
			"8*54"
		], [
			"289 of them are taken. How many are free?",
			143,
			"#1-289"
		]),
		dialogue([
			"Lina saves 15 dollars a week. How many dollars does she have after 6 weeks?",
			90,
			"15*6"
		], [
			"She then gets 30 dollars from her aunt. How many dollars is that altogether?",
			120,
			"#1+30"
		], [
			"A bicycle costs 200 dollars. How many dollars does she still need?",
			80,
			"200-#2"
		], [
			"Her brother lends her half of what she needs. How many dollars is that?",
			40,
			"#3/2"
		]),
		dialogue([
			"A garden is 14 metres long and 9 metres wide. What is its area in square metres?",
			126,
			"14*9"
		], [
			"How many metres of fence go once around it?",
			46,
			"2*(14+9)"
		], [
			"A gate of 3 metres needs no fence. How many metres of fence are left to buy?",
			43,
			"#2-3"
		]),
		dialogue([
			"A film of 105 minutes begins after 15 minutes of trailers. How many minutes is that?",
			120,
			"105+15"
		], [
			"How many hours is that?",
			2,
			"#1/60"
		]),
		dialogue([
			"A farmer has 7 hens, and each lays 5 eggs a week. How many eggs is that a week?",
			35,
			"7*5"
		], [
			"How many eggs are that in 4 weeks?",
			140,
			"#1*4"
		], [
			"He keeps 20 of those eggs and sells the others. How many does he sell?",
			120,
			"#2-20"
		], [
			"He sells them in boxes of 6. How many boxes are that?",
			20,
			"#3/6"
		]),
		dialogue([
			"A book has 12 chapters of 18 pages each. How many pages does it have?",
			216,
			"12*18"
		], [
			"Noor reads 24 pages a day. In how many days has she read it?",
			9,
			"#1/24"
		], [
			"She starts on the 3rd of May. On which day of May does she finish?",
			11,
			"3+#2-1"
		]),
		dialogue([
			"In a school of 240 pupils a quarter walk to school. How many pupils walk?",
			60,
			"240/4"
		], [
			"100 of the pupils come by bus. How many neither walk nor come by bus?",
			80,
			"240-#1-100"
		]),
		dialogue([
			"A tank holds 500 litres and is filled with 20 litres a minute. In how many minutes is it full?",
			25,
			"500/20"
		], [
			"Then 150 litres are taken out. How many litres are left in it?",
			350,
			"500-150"
		], [
			"What is left goes into buckets of 14 litres. How many buckets are that?",
			25,
			"#2/14"
		]),
		dialogue([
			"A team wins 11 games, and each win gives 3 points. How many points are that?",
			33,
			"11*3"
		], [
			"It also draws 4 games, and each draw gives 1 point. How many points does it have altogether?",
			37,
			"#1+4*1"
		], [
			"The best team has 52 points. How many points behind is our team?",
			15,
			"52-#2"
		], [
			"With at least how many more wins would it have as many points as the best team?",
			5,
			"#3/3"
		])
	];
	DemoMultiTurnDataset = {
		name: "DemoMultiTurnDataset",
		async load() {
			return {
				train: [],
				test: DEMO_DIALOGUES.map((turns) => ({
					question: turns.map(({ question }) => question),
					answer: turns.map(({ answer }) => String(answer))
				}))
			};
		}
	};
}));
// src/dataset/builtin/demo-shapes.ts
var demo_shapes_exports = /* @__PURE__ */ __exportAll({
	DemoShapesDataset: () => DemoShapesDataset,
	SHAPE_QUESTIONS: () => SHAPE_QUESTIONS
});
function optionLines(options) {
	return options.map((option, i) => `${LETTERS$5[i]}. ${option}`).join("\n");
}
function about(count, number, choice, letter, ...options) {
	return {
		count,
		number,
		choice,
		letter,
		options
	};
}
var FOLDER, LETTERS$5, SHAPE_QUESTIONS, DemoShapesDataset;
var init_demo_shapes = __esmMin((() => {
	init_errors$1();
	FOLDER = new URL("../../../configs/datasets/demo/shapes/", "file:///work/main/src/dataset/builtin/demo-shapes.ts");
	LETTERS$5 = [
		"A",
		"B",
		"C"
	];
	SHAPE_QUESTIONS = [
		about("How many red circles are there?", 3, "What colour are the three circles?", "B", "blue", "red", "green"),
		about("How many blue squares are there?", 2, "Which shape is yellow?", "A", "the circle", "a square"),
		about("How many green triangles are there?", 4, "Which shape is there four times?", "C", "a circle", "a square", "a triangle"),
		about("How many shapes are there, left and right together?", 2, "What is to the right of the red square?", "B", "a red circle", "a blue circle", "a blue square"),
		about("How many black circles are there?", 5, "What colour are the five circles?", "A", "black", "blue", "red"),
		about("How many corners does the yellow shape have?", 4, "Which shape is at the top?", "B", "the square", "the circle"),
		about("How many blue circles are there?", 6, "How are the six circles arranged?", "C", "in one row", "in a ring", "in two rows"),
		about("How many triangles of any colour are there?", 2, "What colour is the larger triangle?", "A", "red", "blue", "green"),
		about("How many yellow squares are there?", 3, "Which colour is there only once?", "C", "yellow", "red", "black"),
		about("How many different colours do the shapes have?", 3, "What colour is the shape with three corners?", "C", "red", "green", "blue"),
		about("How many circles are there, red and green together?", 5, "Are there more red or more green circles?", "B", "more red", "more green"),
		about("How many black squares are there?", 1, "What is in the middle of the picture?", "A", "a square", "a circle", "a triangle")
	];
	DemoShapesDataset = {
		name: "DemoShapesDataset",
		async load({ params: { questions = "choice" } }) {
			if (questions !== "choice" && questions !== "count") throw new AisBenchError("UTILS-CFG-002", `questions is ${JSON.stringify(questions)}`, {
				where: "questions",
				cure: "use choice or count"
			});
			return {
				train: [],
				test: SHAPE_QUESTIONS.map((asked, index) => ({
					image: new URL(`shapes-${String(index + 1).padStart(2, "0")}.png`, FOLDER).href,
					mm_type: "base64",
					...questions === "count" ? {
						question: asked.count,
						options: "",
						answer: String(asked.number)
					} : {
						question: asked.choice,
						options: optionLines(asked.options),
						answer: asked.letter
					}
				}))
			};
		}
	};
}));
// src/nearest.ts
/** The candidate nearest to a mistyped name, when one is near enough to be meant. */
function nearest$2(name, candidates) {
	let best;
	let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
	for (const candidate of candidates) {
		const distance = editDistance$1(name.toLowerCase(), candidate.toLowerCase());
		if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
	}
	return best;
}
/** Levenshtein's distance. */
function editDistance$1(a, b) {
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
		}
		row = next;
	}
	return row[b.length];
}
var init_nearest = __esmMin((() => {}));
var init_template = __esmMin((() => {
	init_errors$1();
	init_nearest();
}));
// src/prompt/media.ts
/** Segments as the one text that a row's `content` holds. */
function contentOf(segments) {
	return segments.map(({ kind, value }) => START_TAGS[kind] + value).join(CONTENT_TAG);
}
var CONTENT_TAG, START_TAGS;
var init_media = __esmMin((() => {
	init_errors$1();
	init_media_part();
	init_template();
	CONTENT_TAG = "<AIS_CONTENT_TAG>";
	START_TAGS = {
		text: "<AIS_TEXT_START>",
		image: "<AIS_IMAGE_START>",
		video: "<AIS_VIDEO_START>",
		audio: "<AIS_AUDIO_START>"
	};
	Object.keys(START_TAGS);
}));
// src/dataset/builtin/mm-custom.ts
/**
* Images, video and audio of one's own (AISBench §4.8): a JSON Lines file with rows
* `{type: 'image' | 'video' | 'audio', path: '…' or ['…'], question, answer}`. A row becomes the one text of segments that an
* `MMPromptTemplate` takes apart. Files stay where they are: the row has their URLs.
*/
var mm_custom_exports = /* @__PURE__ */ __exportAll({
	MMCustomDataset: () => MMCustomDataset,
	spread: () => spread
});
/** Throws UTILS-CFG-002 for a value that means nothing. */
function readSettings({ mm_type = "path", num_frames = DEFAULT_FRAMES }) {
	const mmType = MM_TYPES.find((one) => one === mm_type);
	if (mmType === void 0) throw badSetting("mm_type", mm_type, `use one of: ${MM_TYPES.join(", ")}`);
	if (!Number.isInteger(num_frames) || num_frames < 1) throw badSetting("num_frames", num_frames, "give a whole number from 1 on");
	return {
		mmType,
		numFrames: num_frames
	};
}
function badSetting(name, value, cure) {
	return new AisBenchError("UTILS-CFG-002", `${name} is ${JSON.stringify(value)}`, {
		where: name,
		cure
	});
}
/** An absolute path as it is; a relative one below the folders of datasets, in full or by its name, then from where we are. */
async function locateFile({ path, roots }) {
	const wanted = path === "" ? DEFAULT_PATH$7 : path;
	const places = [.../* @__PURE__ */ new Set([...candidateFolders(wanted, roots), resolve(wanted)])];
	for (const place of places) if (await fileExists(place)) return place;
	throw new AisBenchError("DSET-FILE-001", `the dataset file '${wanted}' is not there`, {
		where: `looked for ${places.join(", ")}`,
		cure: "put your rows there, or give the dataset config's path (docs/multimodal.md)"
	});
}
function toMmRow(row, where, file, settings, named) {
	const { type, path, question, answer = "" } = row;
	const kind = KINDS.find((one) => one === type);
	if (kind === void 0) throw badRow(where, `its type is ${JSON.stringify(type)}, not ${KINDS.join(", ")}`);
	if (typeof question !== "string") throw badRow(where, "it has no text in column 'question'");
	const urls = pathsIn(path, where).map((one) => urlOf(one, dirname(file)));
	const isFrames = kind === "video" && urls.every((url) => /\.(jpe?g|png|webp|bmp|gif)$/i.test(url));
	if (isFrames && !urls.every((url) => url.startsWith("file://"))) throw badRow(where, "the frames of a video must be files");
	const media = isFrames ? [framesUrl(spread(urls, settings.numFrames))] : urls;
	const isInlined = isFrames || settings.mmType === "base64";
	named.push(...urls.filter((url) => url.startsWith("file://")).map((url) => ({
		url,
		where,
		isInlined
	})));
	const segments = [...media.map((value) => ({
		kind,
		value
	})), {
		kind: "text",
		value: question
	}];
	return {
		...row,
		answer,
		content: contentOf(segments),
		mm_type: settings.mmType
	};
}
function pathsIn(path, where) {
	const paths = Array.isArray(path) ? path : [path];
	if (paths.length > 0 && paths.every((one) => typeof one === "string" && one !== "")) return paths;
	throw badRow(where, "its column 'path' is neither a text nor a list of texts");
}
function urlOf(path, folder) {
	return isMediaUrl(path) ? path : pathToFileURL(resolve(folder, path)).href;
}
/** At most `most` elements, evenly spread, the first and the last among them. */
function spread(all, most) {
	if (all.length <= most) return all;
	const step = most === 1 ? 0 : (all.length - 1) / (most - 1);
	return Array.from({ length: most }, (_, i) => all[Math.round(i * step)]);
}
async function checkFile({ url, where, isInlined }) {
	const path = fileURLToPath(url);
	const bytes = await bytesOf(path);
	if (bytes === void 0) throw new AisBenchError("DSET-FILE-001", `the file '${path}' is not there`, {
		where,
		cure: "correct its path: a relative one is looked for beside the dataset file"
	});
	if (isInlined && bytes > LARGEST_INLINE_BYTES) {
		const [size, most] = [bytes, LARGEST_INLINE_BYTES].map((one) => Math.floor(one / 2 ** 20));
		throw badRow(where, `'${path}' has ${size} MiB, and a request takes a file of ${most} MiB at most`);
	}
}
var DEFAULT_PATH$7, DEFAULT_FRAMES, KINDS, MM_TYPES, MMCustomDataset;
var init_mm_custom = __esmMin((() => {
	init_errors$1();
	init_media_part();
	init_media();
	init_locate();
	init_read$1();
	DEFAULT_PATH$7 = "ais_bench/datasets/mm_custom.jsonl";
	DEFAULT_FRAMES = 5;
	KINDS = [
		"image",
		"video",
		"audio"
	];
	MM_TYPES = ["path", "base64"];
	MMCustomDataset = {
		name: "MMCustomDataset",
		async load(options) {
			const settings = readSettings(options.params);
			const file = await locateFile(options);
			const named = [];
			const test = await readJsonl(file, (row, where) => toMmRow(row, where, file, settings, named));
			for (const one of named) await checkFile(one);
			return {
				train: [],
				test
			};
		}
	};
}));
// src/dataset/synthetic/lengths.ts
/**
* Reads `{Method: 'uniform' | 'gaussian' | 'zipf', Params}`. `uniform` draws whole numbers with both ends included;
* `gaussian` has mean `Mean` and variance `Var`, `zipf` the probability k^-Alpha of k = 1, 2, …; both are then clipped to
* MinValue…MaxValue. Throws UTILS-CFG-002 naming the key.
*/
function readLengths(config, where) {
	const { Method, Params } = record(config, where);
	const params = record(Params, `${where}.Params`);
	const number = (key, min, max) => {
		const value = params[key];
		if (typeof value === "number" && value >= min && value <= max) return value;
		throw invalid(`${where}.Params.${key}`, value, `a number ${min}…${max}`);
	};
	const limits = readLimits(params, where);
	const clip = (value) => Math.min(Math.max(value, limits.min), limits.max);
	switch (String(Method).toLowerCase()) {
		case "uniform": return ({ between }) => between(limits.min, limits.max);
		case "gaussian": {
			const mean = number("Mean", -3e38, 3e38);
			const deviation = Math.sqrt(number("Var", 0, 3e38));
			return (random) => clip(Math.round(mean + deviation * standardNormal(random)));
		}
		case "zipf": {
			const alpha = number("Alpha", 1 + Number.EPSILON, 10);
			return (random) => clip(zipf(alpha, limits.max, random));
		}
		default: throw invalid(`${where}.Method`, Method, "uniform, gaussian or zipf");
	}
}
function readLimits(params, where) {
	const whole = (key) => {
		const value = params[key];
		if (Number.isInteger(value) && value >= 1 && value <= LARGEST$1) return value;
		throw invalid(`${where}.Params.${key}`, value, `a whole number 1…${LARGEST$1}`);
	};
	const limits = {
		min: whole("MinValue"),
		max: whole("MaxValue")
	};
	if (limits.min > limits.max) throw invalid(`${where}.Params.MinValue`, limits.min, `at most MaxValue`);
	return limits;
}
/** Box and Muller's transform. */
function standardNormal({ next }) {
	return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
/** Devroye's rejection method for the zeta distribution; what lies beyond `max` is given as `max`. */
function zipf(alpha, max, { next }) {
	const exponent = alpha - 1;
	const b = 2 ** exponent;
	for (;;) {
		const x = Math.min(Math.floor((1 - next()) ** (-1 / exponent)), Number.MAX_SAFE_INTEGER);
		const growth = Math.expm1(exponent * Math.log1p(1 / x));
		if (next() * x * growth / (b - 1) <= (1 + growth) / b) return Math.min(x, max);
	}
}
/** A table of keys. Throws UTILS-CFG-002. */
function record(value, where) {
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
	throw invalid(where, value, "a table of keys");
}
/** A whole number within limits, or the fallback where there is none. Throws UTILS-CFG-002. */
function wholeNumber(value, where, { min, max = LARGEST$1, fallback }) {
	if (value === void 0 && fallback !== void 0) return fallback;
	if (Number.isInteger(value) && value >= min && value <= max) return value;
	throw invalid(where, value, `a whole number ${min}…${max}`);
}
/** One of a few words, the first where none is given. Throws UTILS-CFG-002. */
function oneOf$1(value, where, words) {
	if (value === void 0) return words[0];
	const word = words.find((one) => one === value);
	if (word !== void 0) return word;
	throw invalid(where, value, words.join(", "));
}
/** UTILS-CFG-002 for a key of a dataset config. */
function invalid(where, value, expected) {
	const what = value === void 0 ? "is missing" : `is ${JSON.stringify(value)}`;
	return new AisBenchError("UTILS-CFG-002", `${where} ${what}`, {
		where,
		cure: `give ${expected}`
	});
}
var LARGEST$1;
var init_lengths = __esmMin((() => {
	init_errors$1();
	LARGEST$1 = 2 ** 20;
}));
// src/dataset/random.ts
/** A source of its own for every seed: equal seeds, numbers or texts, give equal numbers. */
function seededRandom(seed) {
	const next = sfc32(String(seed));
	const between = (min, max) => min + Math.floor(next() * (max - min + 1));
	return {
		next,
		between,
		pick: (from) => from[between(0, from.length - 1)]
	};
}
/** The order 0 … count-1, shuffled. */
function shuffledOrder(count, { between }) {
	const order = Array.from({ length: count }, (_, i) => i);
	for (let i = count - 1; i > 0; i--) {
		const j = between(0, i);
		[order[i], order[j]] = [order[j], order[i]];
	}
	return order;
}
/** Doty-Humphrey's small fast counting generator, 32 bits wide; its state comes from a hash of the seed. */
function sfc32(seed) {
	const word = wordsOf$3(seed);
	let [a, b, c, counter] = [
		word(),
		word(),
		word(),
		1
	];
	const step = () => {
		const sum = a + b + counter++ | 0;
		a = b ^ b >>> 9;
		b = c + (c << 3) | 0;
		c = (c << 21 | c >>> 11) + sum | 0;
		return sum >>> 0;
	};
	for (let i = 0; i < 15; i++) step();
	return () => (step() * 2 ** 21 + (step() >>> 11)) / 2 ** 53;
}
/** 32-bit words out of a text: FNV-1a over it, then Murmur's finish for each word. */
function wordsOf$3(text) {
	let hash = 2166136261;
	for (const unit of text) hash = Math.imul(hash ^ unit.codePointAt(0), 16777619);
	return () => {
		hash = Math.imul(hash ^ hash >>> 16, 2246822507);
		hash = Math.imul(hash ^ hash >>> 13, 3266489909);
		hash ^= hash >>> 16;
		return hash;
	};
}
var init_random = __esmMin((() => {}));
// src/dataset/synthetic/words.ts
/** Words one after the other, without end: each with its blank before it and its punctuation behind it. */
function englishWords(random) {
	let rest = [];
	return () => {
		if (rest.length === 0) rest = sentence(random).split(" ").reverse();
		return ` ${rest.pop()}`;
	};
}
function sentence(random) {
	const { between, pick } = random;
	const first = clause(random);
	const text = pick([
		() => first,
		() => `${pick(OPENINGS)} ${first}`,
		() => `${first} ${pick(JOINTS)} ${clause(random)}`,
		() => `${pick(QUESTIONS)} ${first}`,
		() => `${first}, and ${clause(random)}`,
		() => `${pick(OPENINGS)}, ${first}, but ${clause(random)}`,
		() => `There were ${between(2, 999)} ${pick(ADJECTIVES)} ${pick(NOUNS)}s ${pick(PREPOSITIONS)} ${thing(random)}`
	])();
	return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
function clause(random) {
	const { next, pick } = random;
	const adverb = next() < .3 ? `${pick(ADVERBS)} ` : "";
	const place = next() < .5 ? ` ${pick(PREPOSITIONS)} ${thing(random)}` : "";
	return `${thing(random)} ${adverb}${pick(VERBS)} ${thing(random)}${place}`;
}
function thing({ next, pick }) {
	const adjective = next() < .6 ? `${pick(ADJECTIVES)} ` : "";
	return `${pick([
		"the",
		"the",
		"one",
		"every",
		"another"
	])} ${adjective}${pick(NOUNS)}`;
}
var words$3, ADJECTIVES, NOUNS, VERBS, ADVERBS, PREPOSITIONS, JOINTS, OPENINGS, QUESTIONS, FILLERS;
var init_words = __esmMin((() => {
	words$3 = (text) => text.split(" ");
	ADJECTIVES = words$3("quiet narrow early heavy bright cold distant wooden patient hollow broken gentle clever dusty golden green hidden large late little long modern old pale plain quick round sharp simple slow small soft strong tall thin warm wide young busy calm dark deep empty full grey honest lonely new rough rusty steep");
	NOUNS = words$3("river farmer teacher engine bridge market garden letter window sailor doctor village station machine painter forest mountain lake tower road library kitchen harbour captain cousin driver evening factory field fisher gate guest hill horse island lamp mill morning neighbour orchard paper parcel pilot road roof school shepherd ship singer stone storm student table tailor train valley visitor wagon wall watch weaver well winter writer yard");
	VERBS = words$3("carried followed painted repaired watched measured opened closed crossed described found forgot heard kept left lifted lost moved named noticed passed planned praised pulled pushed reached remembered saw sold studied visited wanted weighed built bought cleaned counted drew filled guarded helped joined marked mended met needed owned printed sent showed tested thanked turned used warned");
	ADVERBS = words$3("slowly often quietly always never carefully suddenly again twice together gladly hardly nearly early late once soon still clearly badly calmly daily firmly greatly kindly lightly mostly partly quickly rarely safely");
	PREPOSITIONS = words$3("behind near beside under above across along around before beyond inside outside past through toward with without against");
	JOINTS = [
		"and then",
		"because",
		"while",
		"although",
		"until",
		"so that",
		"as soon as",
		"even though",
		"where",
		"whenever"
	];
	OPENINGS = [
		"In the morning",
		"After a while",
		"That summer",
		"On the next day",
		"For many years",
		"By noon",
		"Before the rain",
		"At the end of the week",
		"Some time later",
		"Every winter",
		"During the night",
		"Without a word"
	];
	QUESTIONS = [
		"Nobody knew why",
		"Everybody asked how",
		"Someone explained why",
		"A child wondered how",
		"The report does not say why",
		"The old book tells how"
	];
	FILLERS = [...words$3("and the of to in is on at by or as it so no we all one two old new long day way man time").map((word) => ` ${word}`), ...words$3(". , ! ? ; : a e i o s t n x 1 2 3")];
}));
// src/dataset/synthetic/material.ts
/** A kind of text as a function from a seed to its pieces; `tokens` needs a tokenizer. Throws UTILS-FILE-003 without. */
function materialOf(kind, tokenizer) {
	if (kind === "natural") return (random) => ({
		next: englishWords(random),
		fillers: FILLERS
	});
	if (kind === "letters") return () => ({
		next: () => " A",
		fillers: [
			" A",
			"A",
			...FILLERS
		]
	});
	if (tokenizer === void 0) throw noTokenizer("random tokens");
	const pieces = tokenPieces(tokenizer);
	const some = seededRandom("fillers");
	const fillers = Array.from({ length: 40 }, () => some.pick(pieces));
	return (random) => ({
		next: () => random.pick(pieces),
		fillers
	});
}
/** Random tokens that are themselves when they are read again; words of their own, where there are enough of those. */
function tokenPieces(tokenizer) {
	const ids = tokenizer.ordinaryIds();
	const { pick } = seededRandom("vocabulary");
	const texts = (ids.length <= DRAWN ? ids : Array.from({ length: DRAWN }, () => pick(ids))).map((id) => ({
		id,
		text: tokenizer.decode([id])
	})).filter(({ id, text }) => {
		if (!PLAIN.test(text) || text.includes("�")) return false;
		const again = tokenizer.encode(text);
		return again.length === 1 && again[0] === id;
	}).map(({ text }) => text);
	const words = texts.filter((text) => text.startsWith(" "));
	if (words.length >= ENOUGH) return words;
	return texts.length > 0 ? texts : [" a"];
}
function noTokenizer(why) {
	return new AisBenchError("UTILS-FILE-003", `${why} cannot be made: the model's config names no tokenizer`, {
		where: "path",
		cure: "set the model config's path, or the dataset config's tokenizer_path, to the folder of tokenizer.json"
	});
}
var TEXTS, PLAIN, DRAWN, ENOUGH;
var init_material = __esmMin((() => {
	init_errors$1();
	init_random();
	init_words();
	TEXTS = [
		"natural",
		"letters",
		"tokens"
	];
	PLAIN = /^ ?[\p{L}\p{N}\p{P}]+$/u;
	DRAWN = 8192;
	ENOUGH = 256;
}));
// src/dataset/synthetic/config.ts
/** Reads a dataset config's own keys. Throws UTILS-CFG-002 naming the key. */
function readSyntheticConfig(params) {
	const unknown = Object.keys(params).find((key) => !OWN_KEYS.includes(key));
	if (unknown !== void 0) throw new AisBenchError("UTILS-CFG-002", `SyntheticDataset has no key "${unknown}"`, {
		where: unknown,
		cure: `use one of: ${OWN_KEYS.join(", ")}`
	});
	const where = "synthetic_config";
	const config = record(params["synthetic_config"], where);
	const type = String(config["Type"]).toLowerCase();
	if (type !== "string" && type !== "tokenid") throw invalid(`${where}.Type`, config["Type"], "string or tokenid");
	const common = {
		count: wholeNumber(config["RequestCount"], `${where}.RequestCount`, { min: 1 }),
		length: oneOf$1(params["length"], "length", ["content", "templated"]),
		seed: String(params["seed"] ?? 0),
		nonce: readNonce(params["nonce"]),
		ignoreEos: readBoolean(params["ignore_eos"], "ignore_eos"),
		tokenizerPath: readPath(params["tokenizer_path"])
	};
	const own = type === "string" ? ofStrings(config, where) : ofTokens(config, where);
	return {
		...common,
		...own,
		text: oneOf$1(params["text"] ?? own.text, "text", TEXTS),
		sharedPrefix: params["shared_prefix"] ?? own.sharedPrefix
	};
}
function ofStrings(config, where) {
	const { Input, Output } = record(config["StringConfig"], `${where}.StringConfig`);
	return {
		input: readLengths(Input, `${where}.StringConfig.Input`),
		output: Output === void 0 ? void 0 : readLengths(Output, `${where}.StringConfig.Output`),
		text: "natural",
		sharedPrefix: void 0,
		needsTokenizer: false
	};
}
function ofTokens(config, where) {
	const { RequestSize, PrefixLen } = record(config["TokenIdConfig"], `${where}.TokenIdConfig`);
	const size = wholeNumber(RequestSize, `${where}.TokenIdConfig.RequestSize`, { min: 1 });
	const prefix = wholeNumber(PrefixLen, `${where}.TokenIdConfig.PrefixLen`, {
		min: 0,
		max: size,
		fallback: 0
	});
	return {
		input: () => size,
		output: void 0,
		text: "tokens",
		sharedPrefix: prefix === 0 ? void 0 : {
			groups: 1,
			length: prefix
		},
		needsTokenizer: true
	};
}
function readNonce(value) {
	if (value === void 0) return true;
	if (typeof value === "boolean" || typeof value === "string" && /^\S+$/.test(value)) return value;
	throw invalid("nonce", value, "true, false, or a text without blanks");
}
function readBoolean(value, where) {
	if (value === void 0 || typeof value === "boolean") return value === true;
	throw invalid(where, value, "true or false");
}
function readPath(value) {
	if (value === void 0 || typeof value === "string" && value !== "") return value;
	throw invalid("tokenizer_path", value, "the folder of tokenizer.json");
}
var OWN_KEYS;
var init_config = __esmMin((() => {
	init_errors$1();
	init_lengths();
	init_material();
	OWN_KEYS = [
		"synthetic_config",
		"text",
		"length",
		"seed",
		"nonce",
		"shared_prefix",
		"ignore_eos",
		"tokenizer_path"
	];
}));
// src/dataset/synthetic/exact-text.ts
/**
* A text of exactly `tokens` tokens that begins with `start` and neither begins nor ends with a blank. Throws UTILS-CFG-002
* where `start` alone is longer, or where no text of that length is found: then a tokenizer has no such text.
*/
function exactText(tokens, start, material) {
	const { measure } = material;
	const least = measure(start);
	if (least > tokens) throw tooShort(tokens, least);
	const guessed = guess(tokens, start, least, material);
	if (guessed !== void 0) return guessed;
	const pieces = grow(tokens, start, least, material);
	for (let round = 0; round < ROUNDS; round++) {
		const begun = start + pieces.join("");
		const tail = round < 2 ? TAIL_CHARACTERS : Infinity;
		const text = fillUp(tokens, {
			text: begun,
			missing: tokens - measure(begun),
			tail
		}, material);
		if (text !== void 0) return text;
		pieces.splice(-1 - round % 4);
	}
	throw notFound(tokens);
}
/** Most tokenizers cut at blanks: then the pieces' own sizes add up, and the whole is counted once. */
function guess(tokens, start, least, material) {
	const { sizeOf, next } = material;
	let [text, have] = [start, least];
	for (;;) {
		const piece = text === "" ? next().trimStart() : next();
		const size = Math.max(sizeOf(piece), .1);
		if (have + size > tokens) return fillUp(tokens, {
			text,
			missing: tokens - have,
			tail: TAIL_CHARACTERS
		}, material);
		text += piece;
		have += size;
	}
}
/** Pieces that fit, as many as possible, by counting the whole text again and again. */
function grow(tokens, start, least, { measure, sizeOf, next }) {
	const pieces = [];
	const count = () => measure(start + pieces.join(""));
	let have = least;
	while (have < tokens) {
		let guessed = have;
		do {
			const piece = start === "" && pieces.length === 0 ? next().trimStart() : next();
			pieces.push(piece);
			guessed += Math.max(sizeOf(piece), .1);
		} while (guessed < tokens);
		have = count();
	}
	while (have > tokens && pieces.length > 0) {
		let guessed = have;
		do
			guessed -= Math.max(sizeOf(pieces.pop()), .1);
		while (guessed > tokens && pieces.length > 0);
		have = count();
	}
	return pieces;
}
/** Fills up what is missing, looking at the end of the text only, and then counts the whole. */
function fillUp(tokens, begun, { measure, fillers, next }) {
	let { text, missing } = begun;
	for (let tries = 0; missing > 0 && tries < 8 * fillers.length; tries++) {
		const piece = tries % 3 === 0 && missing > 1 ? next() : fillers[tries % fillers.length];
		const added = text === "" ? piece.trimStart() : piece;
		const tail = text.slice(-begun.tail);
		const gain = measure(tail + added) - measure(tail);
		if (gain < 1 || gain > missing) continue;
		text += added;
		missing -= gain;
	}
	if (missing !== 0 || text.trim() !== text) return void 0;
	return measure(text) === tokens ? text : void 0;
}
function tooShort(tokens, least) {
	return new AisBenchError("UTILS-CFG-002", `a prompt of ${tokens} tokens is asked for, and ${least} is the least`, {
		where: "synthetic_config",
		cure: `ask for at least ${least} tokens: the chat template, the nonce and a shared prefix count too`
	});
}
function notFound(tokens) {
	return new AisBenchError("UTILS-CFG-002", `no text of exactly ${tokens} tokens was found`, {
		where: "synthetic_config",
		cure: "check that path (or tokenizer_path) is the folder of the tokenizer that the service uses"
	});
}
var ROUNDS, TAIL_CHARACTERS;
var init_exact_text = __esmMin((() => {
	init_errors$1();
	ROUNDS = 50;
	TAIL_CHARACTERS = 48;
}));
// src/dataset/synthetic/prefix.ts
/**
* Reads `{groups, length}` or `{groups, hit_rate, block_size}` for prompts of these lengths, prompt i being in group
* i mod groups. Throws UTILS-CFG-002, for a hit rate that these lengths cannot reach too.
*/
function readSharedPrefix(config, lengths, where = "shared_prefix") {
	if (config === void 0 || config === null) return void 0;
	const given = record(config, where);
	const groups = wholeNumber(given["groups"], `${where}.groups`, {
		min: 1,
		fallback: 1
	});
	const blockSize = wholeNumber(given["block_size"], `${where}.block_size`, {
		min: 1,
		fallback: BLOCK_SIZE
	});
	const longest = lengths.reduce((least, length) => Math.min(least, length), Infinity) - OWN_TOKENS;
	const rateOf = (tokens) => theoreticalHitRate(lengths, {
		groups,
		tokens,
		blockSize
	});
	const tokens = given["hit_rate"] === void 0 ? wholeNumber(given["length"], `${where}.length`, { min: 0 }) : tokensFor(given["hit_rate"], Math.floor(longest / blockSize) * blockSize, {
		blockSize,
		rateOf,
		where
	});
	if (tokens > longest) throw tooLong(tokens, longest, where);
	return tokens === 0 ? void 0 : {
		groups,
		tokens,
		blockSize,
		hitRate: rateOf(tokens)
	};
}
/** The multiple of a block whose hit rate is nearest. */
function tokensFor(asked, most, { blockSize, rateOf, where }) {
	if (typeof asked !== "number" || !(asked >= 0 && asked < 1)) throw invalid(`${where}.hit_rate`, asked, "a number from 0 to below 1");
	const best = rateOf(Math.max(most, 0));
	if (asked > best + (most < blockSize ? 1 : best / (most / blockSize)) / 2) throw new AisBenchError("UTILS-CFG-002", `a hit rate of ${asked} cannot be reached with these prompts`, {
		where: `${where}.hit_rate`,
		cure: `ask for at most ${best.toFixed(3)}, or for longer prompts, more requests or fewer groups`
	});
	let nearest = 0;
	for (let tokens = 0; tokens <= most; tokens += blockSize) if (Math.abs(rateOf(tokens) - asked) < Math.abs(rateOf(nearest) - asked)) nearest = tokens;
	return nearest;
}
/**
* Share of the prompt tokens that a cache serves which keeps every whole block: the first prompt of a group misses, the
* others hit the whole blocks of what they share.
*/
function theoreticalHitRate(lengths, { groups, tokens, blockSize }) {
	const shared = Math.floor(tokens / blockSize) * blockSize;
	const all = lengths.reduce((sum, length) => sum + length, 0);
	return all === 0 ? 0 : Math.max(0, lengths.length - groups) * shared / all;
}
function tooLong(tokens, longest, where) {
	return new AisBenchError("UTILS-CFG-002", `a shared prefix of ${tokens} tokens is longer than some prompt`, {
		where,
		cure: `ask for at most ${Math.max(0, longest)}: each prompt has at least ${OWN_TOKENS} tokens of its own`
	});
}
var BLOCK_SIZE, OWN_TOKENS;
var init_prefix = __esmMin((() => {
	init_errors$1();
	init_lengths();
	BLOCK_SIZE = 16;
	OWN_TOKENS = 8;
}));
// src/dataset/synthetic/prompts.ts
/**
* The rows of a config: `question` of exactly the drawn length, `max_out_len` where answers have a length of their own, and
* `input_len`, `prefix_group`, `prefix_len` for whoever wants to look. `nonce` is a text that no other run has.
* Throws UTILS-CFG-002 and UTILS-FILE-003.
*/
function syntheticRows(config, tokenizer, nonce) {
	if (tokenizer === void 0 && (config.needsTokenizer || config.length === "templated")) throw noTokenizer(config.needsTokenizer ? "random tokens" : "prompts of a templated length");
	const count = tokenizer === void 0 ? countWords : (text) => tokenizer.encode(text).length;
	const measure = config.length === "templated" && tokenizer ? tokenizer.countServed : count;
	const sizeOf = remembered(count);
	const sourceOf = materialOf(config.text, tokenizer);
	const random = (...parts) => seededRandom([config.seed, ...parts].join(":"));
	const lengths = drawn(config.count, config.input, random("input"));
	const outputs = config.output && drawn(config.count, config.output, random("output"));
	const answerOf = (index) => ({
		...outputs && { max_out_len: outputs[index] },
		...config.ignoreEos && { ignore_eos: true }
	});
	const prefix = readSharedPrefix(config.sharedPrefix, lengths);
	const nonces = nonceMaker(config.nonce === true ? nonce : config.nonce, count);
	const sourceAt = (...parts) => sourceOf(random(...parts));
	const beginnings = prefix && prefixes(prefix, {
		count,
		sizeOf,
		nonces,
		sourceAt
	});
	const rows = lengths.map((length, index) => {
		const source = sourceAt("prompt", index);
		const group = prefix && index % prefix.groups;
		return {
			question: exactText(length, group === void 0 ? nonces.before(length, index) : beginnings[group] + source.next(), {
				measure,
				sizeOf,
				...source
			}),
			answer: "aaa",
			...answerOf(index),
			input_len: length,
			...prefix && {
				prefix_group: group,
				prefix_len: prefix.tokens
			}
		};
	});
	const notes = notesOn$1(prefix, tokenizer, nonces.left());
	return {
		rows,
		warmup: lengths.slice(0, WARMUPS$1).map((length, i) => {
			return {
				question: exactText(length, nonces.before(length, `warm-up ${i}`), {
					measure,
					sizeOf,
					...sourceAt("warm-up", i)
				}),
				answer: "aaa",
				...answerOf(i)
			};
		}),
		notes
	};
}
function drawn(count, source, random) {
	return Array.from({ length: count }, () => source(random));
}
function nonceMaker(secret, count) {
	let left = 0;
	return {
		left: () => left,
		before: (length, index) => {
			if (secret === false) return "";
			const nonce = nonceOf(secret, index);
			if (count(nonce) <= length * NONCE_SHARE) return nonce;
			left += 1;
			return "";
		}
	};
}
/** Five letters and digits: sixty million of them, another for every prompt and every run. */
function nonceOf(secret, index) {
	const { between } = seededRandom(`nonce:${secret}:${index}`);
	return `${between(0, 36 ** 5 - 1).toString(36).padStart(5, "0")}:`;
}
function prefixes({ groups, tokens }, { count, sizeOf, nonces, sourceAt }) {
	return Array.from({ length: groups }, (_, group) => {
		return exactText(tokens, nonces.before(tokens, `group ${group}`), {
			measure: count,
			sizeOf,
			...sourceAt("group", group)
		});
	});
}
function remembered(measure) {
	const known = /* @__PURE__ */ new Map();
	return (text) => {
		let size = known.get(text);
		if (size === void 0) {
			size = measure(text);
			known.set(text, size);
		}
		return size;
	};
}
function countWords(text) {
	return text.split(/\s+/).filter((word) => word !== "").length;
}
function notesOn$1(prefix, tokenizer, left) {
	return [
		...tokenizer === void 0 ? ["the model's config names no tokenizer (path): prompt lengths are counted in words, not in tokens"] : [],
		...prefix === void 0 ? [] : [`prompts share ${prefix.tokens} tokens in ${prefix.groups} group(s): a prefix cache with blocks of ${prefix.blockSize} can serve ${(prefix.hitRate * 100).toFixed(1)} % of the prompt tokens`],
		...left === 0 ? [] : [`${left} prompts are too short for a nonce: a prefix cache may know them from an earlier run`]
	];
}
var WARMUPS$1, NONCE_SHARE;
var init_prompts$1 = __esmMin((() => {
	init_random();
	init_exact_text();
	init_material();
	init_prefix();
	WARMUPS$1 = 8;
	NONCE_SHARE = .5;
}));
// src/dataset/builtin/synthetic.ts
var synthetic_exports = /* @__PURE__ */ __exportAll({ SyntheticDataset: () => SyntheticDataset });
var SyntheticDataset;
var init_synthetic = __esmMin((() => {
	init_config();
	init_prompts$1();
	SyntheticDataset = {
		name: "SyntheticDataset",
		usesTokenizer: true,
		async load({ params, tokenizer, nonce = "none" }) {
			const config = readSyntheticConfig(params);
			const { rows, warmup, notes } = syntheticRows(config, await tokenizer?.(config.tokenizerPath), nonce);
			return {
				train: [],
				test: rows,
				warmup,
				notes
			};
		}
	};
}));
// src/dataset/builtin/sharegpt.ts
var sharegpt_exports = /* @__PURE__ */ __exportAll({
	ShareGPTDataset: () => ShareGPTDataset,
	toDialogue: () => toDialogue
});
/**
* Undefined for what AISBench leaves out (§4.10): dialogues of fewer than two messages, of an odd number of them, and those
* that the person does not begin. Throws DSET-DATA-002 for what is no dialogue.
*/
function toDialogue(value, where) {
	const { id, conversations } = value ?? {};
	if (!Array.isArray(conversations)) throw badRow(where, "it has no list 'conversations'");
	const messages = conversations.map((one) => messageOf(one, where));
	if (messages.length < 2 || messages.length % 2 !== 0 || messages[0].from !== HUMAN) return void 0;
	const textsFrom = (side) => messages.filter((_, i) => i % 2 === side).map(({ value: text }) => text);
	return {
		...id === void 0 ? {} : { id },
		question: textsFrom(0),
		answer: textsFrom(1)
	};
}
function messageOf(value, where) {
	const { from, value: text } = value ?? {};
	if (typeof from !== "string" || typeof text !== "string") throw badRow(where, "a message has no texts 'from' and 'value'");
	return {
		from,
		value: text
	};
}
function droppedNote(dropped, all) {
	return `${dropped} of ${all} dialogues are left out: not pairs of question and answer, or not begun by the person`;
}
var DEFAULT_PATH$6, FILE$3, SOURCE$15, HUMAN, ShareGPTDataset;
var init_sharegpt = __esmMin((() => {
	init_locate();
	init_read$1();
	DEFAULT_PATH$6 = "ais_bench/datasets/sharegpt";
	FILE$3 = "ShareGPT_V3_unfiltered_cleaned_split.json";
	SOURCE$15 = "Hugging Face (dataset anon8231489123/ShareGPT_Vicuna_unfiltered)";
	HUMAN = "human";
	ShareGPTDataset = {
		name: "ShareGPTDataset",
		async load({ path, roots }) {
			const file = await locateFile$1({
				path: path === "" ? DEFAULT_PATH$6 : path,
				roots
			}, {
				file: FILE$3,
				extension: ".json",
				source: SOURCE$15
			});
			const list = await readJson(file);
			if (!Array.isArray(list)) throw badRow(file, "the file is no list of dialogues");
			const rows = list.map((one, i) => toDialogue(one, `${file}, dialogue ${i}`));
			const test = rows.filter((row) => row !== void 0);
			const dropped = rows.length - test.length;
			return {
				train: [],
				test,
				notes: dropped === 0 ? [] : [droppedNote(dropped, rows.length)]
			};
		}
	};
}));
// src/dataset/builtin/mtbench.ts
var mtbench_exports = /* @__PURE__ */ __exportAll({
	MTBenchDataset: () => MTBenchDataset,
	toMtBenchRow: () => toMtBenchRow
});
/** Also reads `turns`, as the benchmark's own file calls its prompts. Throws DSET-DATA-002. */
function toMtBenchRow(row, where) {
	const prompts = row["prompt"] ?? row["turns"];
	if (!isTexts(prompts) || prompts.length === 0) throw badRow(where, "it has no list of texts 'prompt'");
	const reference = row["reference"] ?? [];
	if (!isTexts(reference) || reference.length > prompts.length) throw badRow(where, "its 'reference' is no list of texts, or longer than 'prompt'");
	return {
		...row,
		question: prompts,
		answer: prompts.map((_, turn) => reference[turn] ?? "")
	};
}
function isTexts(value) {
	return Array.isArray(value) && value.every((one) => typeof one === "string");
}
var DEFAULT_PATH$5, FILE$2, SOURCE$14, MTBenchDataset;
var init_mtbench = __esmMin((() => {
	init_locate();
	init_read$1();
	DEFAULT_PATH$5 = "ais_bench/datasets/mtbench";
	FILE$2 = "question.jsonl";
	SOURCE$14 = "Hugging Face (dataset HuggingFaceH4/mt_bench_prompts, as JSON lines)";
	MTBenchDataset = {
		name: "MTBenchDataset",
		async load({ path, roots }) {
			return {
				train: [],
				test: await readJsonl(await locateFile$1({
					path: path === "" ? DEFAULT_PATH$5 : path,
					roots
				}, {
					file: FILE$2,
					extension: ".jsonl",
					source: SOURCE$14
				}), toMtBenchRow)
			};
		}
	};
}));
// src/dataset/trace/request.ts
/** Checks `{input_length | input_text, output_length, timestamp?, hash_ids?}`. Throws DSET-DATA-002 naming `where`. */
function toTraceRequest(row, where) {
	const { input_text: text, hash_ids: ids, timestamp } = row;
	if (text !== void 0 && typeof text !== "string") throw badRow(where, "its 'input_text' is no text");
	const inputLength = text === void 0 ? whole$2(row, "input_length", 1, where) : 0;
	const outputLength = row["output_length"] === void 0 ? 0 : whole$2(row, "output_length", 0, where);
	if (timestamp !== void 0 && !(typeof timestamp === "number" && timestamp >= 0 && Number.isFinite(timestamp))) throw badRow(where, "its 'timestamp' is no number of milliseconds ≥ 0");
	if (ids !== void 0 && !isHashIds(ids)) throw badRow(where, "its 'hash_ids' are no list of whole numbers");
	const hashIds = ids === void 0 || ids.length === 0 || text !== void 0 ? void 0 : ids;
	if (hashIds !== void 0) checkLastBlock(inputLength, hashIds.length, where);
	return {
		inputLength,
		text,
		outputLength: outputLength || 1,
		timestamp,
		hashIds
	};
}
function whole$2(row, key, min, where) {
	const value = row[key];
	if (Number.isInteger(value) && value >= min) return value;
	throw badRow(where, `its '${key}' is no whole number ≥ ${min}`);
}
function isHashIds(value) {
	return Array.isArray(value) && value.every((id) => Number.isInteger(id));
}
function checkLastBlock(inputLength, blocks, where) {
	const last = inputLength - 512 * (blocks - 1);
	if (last >= 1 && last <= 512) return;
	throw badRow(where, `${blocks} hash_ids of 512 tokens do not fit an input_length of ${inputLength}`);
}
var init_request = __esmMin((() => {
	init_read$1();
}));
// src/dataset/trace/prompts.ts
/** A text for each request, in order, and what is to be said of them. Throws UTILS-CFG-002. */
function tracePrompts(requests, tokenizer, seed) {
	const measure = (text) => tokenizer?.encode(text).length ?? 0;
	const blockOf = blockMaker(measure, seed);
	const texts = requests.map((request, index) => request.text ?? promptOf(request, index, blockOf));
	let off = 0;
	for (const [index, { text, inputLength }] of requests.slice(0, CHECKED).entries()) if (text === void 0 && measure(texts[index]) !== inputLength) off += 1;
	const checked = Math.min(CHECKED, requests.length);
	const note = `${off} of ${checked} prompts that were counted whole are not of their exact length`;
	return {
		texts,
		notes: off === 0 ? [] : [note]
	};
}
function promptOf({ inputLength, hashIds }, index, blockOf) {
	if (hashIds === void 0) return blockOf(`request ${index}`, inputLength, true);
	const last = hashIds.length - 1;
	const rest = inputLength - 512 * last;
	return hashIds.map((id, i) => blockOf(`hash ${id}`, i === last ? rest : 512, i === 0)).join("");
}
/** Blocks are kept: most are asked for again. All but the first begin with a blank, so that tokens do not cross. */
function blockMaker(measure, seed) {
	const made = /* @__PURE__ */ new Map();
	const sizes = /* @__PURE__ */ new Map();
	const sizeOf = (piece) => {
		const size = sizes.get(piece) ?? measure(piece);
		sizes.set(piece, size);
		return size;
	};
	return (key, tokens, isFirst) => {
		const name = `${key} ${tokens} ${isFirst}`;
		const known = made.get(name);
		if (known !== void 0) return known;
		const blank = isFirst ? "" : " ";
		const source = {
			next: englishWords(seededRandom(`${seed}:${key}`)),
			fillers: FILLERS
		};
		const text = blank + exactText(tokens, "", {
			measure: (inner) => measure(blank + inner),
			sizeOf,
			...source
		});
		made.set(name, text);
		return text;
	};
}
var CHECKED;
var init_prompts = __esmMin((() => {
	init_random();
	init_exact_text();
	init_words();
	init_request();
	CHECKED = 100;
}));
// src/dataset/builtin/mooncake-trace.ts
var mooncake_trace_exports = /* @__PURE__ */ __exportAll({ MooncakeTraceDataset: () => MooncakeTraceDataset });
function readParams(params, nonce) {
	const unknown = Object.keys(params).find((key) => !KEYS$4.includes(key));
	if (unknown !== void 0) throw invalid(unknown, params[unknown], `only: ${KEYS$4.join(", ")}`);
	const cache = params["generated_prompts_path"];
	if (cache !== void 0 && cache !== null && cache !== "") throw invalid("generated_prompts_path", cache, "no such key: prompts are made anew from random_seed");
	const milliseconds = (key, fallback) => {
		const value = params[key] ?? fallback;
		if (typeof value === "number" && (value >= 0 || value === fallback)) return value;
		throw invalid(key, value, "milliseconds ≥ 0");
	};
	const [from, end] = [milliseconds("start_offset", 0), milliseconds("end_offset", -1)];
	const to = end === -1 ? Infinity : end;
	if (to < from) throw invalid("end_offset", end, "at least start_offset, or -1 for no end");
	return {
		seed: String(params["random_seed"] ?? nonce),
		autoOffset: params["fixed_schedule_auto_offset"] === true,
		from,
		to,
		tokenizerPath: typeof params["tokenizer_path"] === "string" ? params["tokenizer_path"] : void 0
	};
}
/** Requests between the offsets, in the order of time; with `autoOffset` the first of them is at 0. */
function windowOf(all, { from, to, autoOffset }) {
	if (!all.some(({ timestamp }) => timestamp !== void 0)) return [...all];
	const at = ({ timestamp = 0 }) => timestamp;
	const kept = all.filter((request) => at(request) >= from && at(request) <= to);
	kept.sort((a, b) => at(a) - at(b));
	const shift = autoOffset && kept[0] !== void 0 ? at(kept[0]) : 0;
	return kept.map((request) => ({
		...request,
		timestamp: at(request) - shift
	}));
}
function toRow$1({ outputLength, timestamp }, question) {
	return {
		question,
		answer: "",
		max_out_len: outputLength,
		...timestamp === void 0 ? {} : { timestamp }
	};
}
function nothingLeft(file, count) {
	return new AisBenchError("DSET-DATA-002", `none of the ${count} requests of the trace is left`, {
		where: file,
		cure: "widen start_offset and end_offset, which are milliseconds"
	});
}
var DEFAULT_PATH$4, FILE$1, SOURCE$13, WARMUPS, KEYS$4, MooncakeTraceDataset;
var init_mooncake_trace = __esmMin((() => {
	init_errors$1();
	init_locate();
	init_read$1();
	init_lengths();
	init_material();
	init_prompts();
	init_request();
	DEFAULT_PATH$4 = "ais_bench/datasets/mooncake_trace";
	FILE$1 = "mooncake_trace.jsonl";
	SOURCE$13 = "github.com/kvcache-ai/Mooncake (FAST25-release/traces, Apache-2.0 licence), renamed";
	WARMUPS = 4;
	KEYS$4 = [
		"random_seed",
		"generated_prompts_path",
		"fixed_schedule_auto_offset",
		"start_offset",
		"end_offset",
		"tokenizer_path"
	];
	MooncakeTraceDataset = {
		name: "MooncakeTraceDataset",
		usesTokenizer: true,
		async load({ path, roots, params, tokenizer, nonce = "none" }) {
			const { seed, autoOffset, from, to, tokenizerPath } = readParams(params, nonce);
			const file = await locateFile$1({
				path: path === "" ? DEFAULT_PATH$4 : path,
				roots
			}, {
				file: FILE$1,
				extension: ".jsonl",
				source: SOURCE$13
			});
			const all = await readJsonl(file, toTraceRequest);
			const kept = windowOf(all, {
				from,
				to,
				autoOffset
			});
			if (kept.length === 0) throw nothingLeft(file, all.length);
			const known = await tokenizer?.(tokenizerPath);
			const needs = kept.some(({ text }) => text === void 0);
			if (known === void 0 && needs) throw noTokenizer("the prompts of a trace");
			const { texts, notes } = tracePrompts(kept, known, seed);
			const alone = kept.slice(0, WARMUPS).filter(({ text }) => text === void 0).map((request) => ({
				...request,
				hashIds: void 0
			}));
			const warmups = tracePrompts(alone, known, `${seed}:warm-up`).texts;
			const leftOut = all.length - kept.length;
			return {
				train: [],
				test: kept.map((request, i) => toRow$1(request, texts[i])),
				warmup: alone.map((request, i) => toRow$1(request, warmups[i])),
				notes: [...notes, ...leftOut === 0 ? [] : [`${leftOut} of ${all.length} requests lie outside the offsets`]]
			};
		}
	};
}));
// src/dataset/custom/meta.ts
/** Reads a meta file's content. Throws UTILS-CFG-002 naming file and key. */
function readMeta(value, file) {
	const meta = record(value, file);
	const unknown = Object.keys(meta).find((key) => !KEYS$3.includes(key));
	if (unknown !== void 0) throw invalid(`${file}: ${unknown}`, meta[unknown], `only: ${KEYS$3.join(", ")}`);
	const { request_count: count, sampling_mode: sampling = "default", output_config: output } = meta;
	const mode = SAMPLING.find((one) => one === sampling);
	if (mode === void 0) throw invalid(`${file}: sampling_mode`, sampling, SAMPLING.join(", "));
	return {
		requestCount: count === void 0 ? void 0 : wholeNumber(numberIn$1(count), `${file}: request_count`, {
			min: 1,
			max: LARGEST
		}),
		sampling: mode,
		output: output === void 0 ? void 0 : readOutput(output, `${file}: output_config`)
	};
}
/** AISBench takes numbers as texts too. */
function numberIn$1(value) {
	return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}
function readOutput(value, where) {
	const { method, params: given } = record(value, where);
	const params = record(given, `${where}.params`);
	if (method === "uniform") {
		const limit = (key) => wholeNumber(numberIn$1(params[key]), `${where}.params.${key}`, {
			min: 1,
			max: LARGEST
		});
		const [min, max] = [limit("min_value"), limit("max_value")];
		if (min > max) throw invalid(`${where}.params.min_value`, min, "at most max_value");
		return {
			method,
			min,
			max
		};
	}
	if (method !== "percentage") throw invalid(`${where}.method`, method, "uniform or percentage");
	return {
		method,
		shares: readShares(params["percentage_distribute"], `${where}.params.percentage_distribute`)
	};
}
function readShares(value, where) {
	const isShare = (one) => Array.isArray(one) && one.length === 2 && Number.isInteger(one[0]) && one[0] >= 1 && one[1] > 0 && one[1] <= 1;
	if (!Array.isArray(value) || value.length === 0 || !value.every(isShare)) throw invalid(where, value, "a list of [max_tokens, share], shares above 0 and at most 1");
	const sum = value.reduce((total, [, share]) => total + share, 0);
	if (Math.abs(sum - 1) > 1e-9) throw invalid(where, value, `shares that sum up to 1, not ${sum}`);
	return value;
}
/** The rows that are asked. `rows` must not be empty. */
function sampled(rows, { requestCount = rows.length, sampling }, random) {
	if (sampling === "random") return Array.from({ length: requestCount }, () => random.pick(rows));
	const cyclic = Array.from({ length: requestCount }, (_, i) => rows[i % rows.length]);
	return sampling === "shuffle" ? shuffledOrder(requestCount, random).map((i) => cyclic[i]) : cyclic;
}
/**
* `count` limits. Of a percentage each share has exactly ⌊share · count⌋ requests and the last what is left over, in an order that
* mixes them.
*/
function outputLengths(output, count, random) {
	if (output.method === "uniform") return Array.from({ length: count }, () => random.between(output.min, output.max));
	const { shares } = output;
	const lengths = shares.slice(0, -1).flatMap(([tokens, share]) => filled$1(tokens, Math.floor(share * count + 1e-9)));
	lengths.push(...filled$1(shares.at(-1)[0], count - lengths.length));
	return shuffledOrder(count, random).map((i) => lengths[i]);
}
function filled$1(tokens, times) {
	return new Array(times).fill(tokens);
}
var KEYS$3, SAMPLING, LARGEST;
var init_meta = __esmMin((() => {
	init_random();
	init_lengths();
	KEYS$3 = [
		"request_count",
		"sampling_mode",
		"output_config"
	];
	SAMPLING = [
		"default",
		"random",
		"shuffle"
	];
	LARGEST = 2 ** 31;
}));
// src/dataset/custom/rows.ts
/** Names of option columns: A, B, C, … without a gap. */
function optionsIn(row) {
	const letters = [];
	for (let code = 65; code <= 90; code++) {
		const letter = String.fromCharCode(code);
		if (!Object.hasOwn(row, letter)) break;
		letters.push(letter);
	}
	return letters;
}
/** Multiple choice, if a row has at least the options A and B. */
function kindOf(row) {
	return optionsIn(row).length >= 2 ? "mcq" : "qa";
}
/**
* Checks a row and adds `choices`: the options, a line each, for multiple choice, else ''. `max_tokens` becomes `max_out_len`; a
* row without an answer has ''. Throws DSET-DATA-002 naming `where`.
*/
function toCustomRow(row, where, kind) {
	const { question, answer = "", max_tokens, ...rest } = row;
	if (typeof question !== "string" || question === "") throw badRow(where, "it has no text in column 'question'");
	const options = kind === "mcq" ? optionsIn(row) : [];
	if (kind === "mcq" && options.length < 2) throw badRow(where, "it has no options in columns 'A' and 'B'");
	const limit = max_tokens ?? rest["max_out_len"];
	if (limit !== void 0 && limit !== "" && limit !== null && !(Number.isInteger(Number(limit)) && Number(limit) > 0)) throw badRow(where, `its 'max_tokens' is ${JSON.stringify(limit)}, no whole number ≥ 1`);
	return {
		...rest,
		question,
		answer,
		choices: options.map((letter) => `${letter}. ${String(row[letter])}\n`).join(""),
		...limit === void 0 ? {} : { max_out_len: limit }
	};
}
/** What scoring needs of a row with options: the right one and the text of each, null where the row has none. */
function choiceReference(row) {
	if (row["choices"] === "" || row["choices"] === void 0) return void 0;
	const { answer } = row;
	return {
		answer,
		options: Object.fromEntries(optionsIn(row).map((letter) => [letter, row[letter] ?? null]))
	};
}
var init_rows = __esmMin((() => {
	init_read$1();
}));
// src/dataset/builtin/custom.ts
var custom_exports = /* @__PURE__ */ __exportAll({
	CustomDataset: () => CustomDataset,
	inspectCustomFile: () => inspectCustomFile
});
/**
* What a file of one's own holds, as its first row tells: whether it is multiple choice, the letters of the options, and whether
* it has answers. Throws as `load` does.
*/
async function inspectCustomFile(file) {
	const [first] = await readCustomFile(file);
	const { row } = first;
	return {
		kind: kindOf(row),
		options: optionsIn(row).join(""),
		hasAnswers: Object.hasOwn(row, "answer")
	};
}
async function readCustomFile(file) {
	const isCsv = file.toLowerCase().endsWith(".csv");
	const placed = (row, where) => ({
		row,
		where
	});
	const rows = await (isCsv ? readCsv(file, placed) : readJsonl(file, placed));
	if (rows.length === 0) throw badRow(file, "the file holds no rows");
	return rows;
}
async function fileOf({ path, roots }) {
	const places = path === "" ? [] : candidateFolders(path, roots);
	for (const place of places) if (await fileExists(place)) return place;
	throw new AisBenchError("DSET-FILE-001", path === "" ? "no dataset file is given" : `there is no file '${path}'`, {
		where: places.length === 0 ? "path" : `looked for ${places.join(", ")}`,
		cure: "give a .jsonl or .csv file with --custom-dataset-path, or as the path of the dataset config"
	});
}
function readKind(value) {
	if (value === void 0 || value === null || value === "") return void 0;
	if (value === "mcq" || value === "qa") return value;
	throw invalid("data_type", value, "mcq or qa");
}
async function metaOf(file, given) {
	if (given !== void 0 && typeof given !== "string") throw invalid("meta_path", given, "a file");
	const path = given === void 0 || given === "" ? `${file}.meta.json` : isAbsolute(given) ? given : join(process.cwd(), given);
	if (!given && !await fileExists(path)) return void 0;
	return readMeta(await readJson(path), path);
}
function arranged(rows, meta, seed) {
	const asked = sampled(rows, meta, seededRandom(`${seed}:rows`));
	if (meta.output === void 0) return asked;
	const lengths = outputLengths(meta.output, asked.length, seededRandom(`${seed}:lengths`));
	return asked.map((row, i) => ({
		...row,
		max_out_len: lengths[i]
	}));
}
var KEYS$2, CustomDataset;
var init_custom = __esmMin((() => {
	init_errors$1();
	init_csv();
	init_meta();
	init_rows();
	init_locate();
	init_random();
	init_read$1();
	init_lengths();
	KEYS$2 = [
		"meta_path",
		"data_type",
		"seed"
	];
	CustomDataset = {
		name: "CustomDataset",
		reference: choiceReference,
		async load(options) {
			const { params } = options;
			const unknown = Object.keys(params).find((key) => !KEYS$2.includes(key));
			if (unknown !== void 0) throw invalid(unknown, params[unknown], `only: ${KEYS$2.join(", ")}`);
			const file = await fileOf(options);
			const raw = await readCustomFile(file);
			const kind = readKind(params["data_type"]) ?? kindOf(raw[0].row);
			const rows = raw.map(({ row, where }) => toCustomRow(row, where, kind));
			const meta = await metaOf(file, params["meta_path"]);
			return {
				train: [],
				test: meta === void 0 ? rows : arranged(rows, meta, String(params["seed"] ?? 0))
			};
		}
	};
}));
// src/dataset/builtin/file.ts
/**
* Any file of rows, so that a benchmark needs no code: JSON lines, a JSON list, CSV or TSV with a header. Keys of the config:
* `path` (questions), `train_path` (worked examples), `fields` (column → the file's own name of it, `a.b` for one inside another).
*/
var file_exports = /* @__PURE__ */ __exportAll({ FileDataset: () => FileDataset });
function fieldsOf(value) {
	if (value === void 0) return {};
	if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((name) => typeof name === "string")) return value;
	throw wrong$2("fields", "it is no table of names", "write fields: { question: \"the name in the file\" }");
}
async function trainFile(value, test, roots) {
	if (value === void 0) return void 0;
	if (typeof value !== "string") throw wrong$2("train_path", "it is no text", "give a file");
	return fileAt(value, "train_path", [...roots, dirname(test)]);
}
async function fileAt(path, key, roots) {
	const places = path === "" ? [] : [.../* @__PURE__ */ new Set([...candidateFolders(path, roots), ...besides$1(path)])];
	for (const place of places) if (await fileExists(place)) return place;
	throw new AisBenchError("DSET-FILE-001", path === "" ? `no ${key} is given` : `there is no file '${path}'`, {
		where: places.length === 0 ? key : `looked for ${places.join(", ")}`,
		cure: "name a .jsonl, .json, .csv or .tsv file, absolute or relative to where you start the command"
	});
}
function besides$1(path) {
	return isAbsolute(path) ? [] : [join(process.cwd(), path)];
}
async function readRows$1(file, fields) {
	const toRow = (row, where) => renamed(row, fields, where);
	const rows = await readByEnding(file, toRow);
	if (rows.length === 0) throw badRow(file, "the file holds no rows");
	return rows;
}
async function readByEnding(file, toRow) {
	const ending = /\.[^.]*$/.exec(file.toLowerCase())?.[0];
	if (ending === ".csv") return readCsv(file, toRow);
	if (ending === ".tsv") return tsvRows(await readText$3(file), file, toRow);
	if (ending !== ".json") return readJsonl(file, toRow);
	const list = await readJson(file);
	if (!Array.isArray(list)) throw badRow(file, "it is no list of rows");
	return list.map((row, n) => {
		const where = `${file}, row ${n + 1}`;
		if (typeof row !== "object" || row === null || Array.isArray(row)) throw badRow(where, "it is no object");
		return toRow(row, where);
	});
}
/** A tab cannot stand in a field, and nothing is quoted. */
function tsvRows(text, file, toRow) {
	const [head = "", ...lines] = text.split(/\r?\n/);
	const columns = head.split("	");
	return lines.flatMap((line, n) => {
		if (line === "") return [];
		const where = `${file}:${n + 2}`;
		const cells = line.split("	");
		if (cells.length !== columns.length) throw badRow(where, `it has ${cells.length} fields, and the header names ${columns.length} columns`);
		return [toRow(Object.fromEntries(columns.map((name, i) => [name, cells[i]])), where)];
	});
}
function renamed(row, fields, where) {
	const own = Object.entries(fields).map(([column, name]) => {
		const value = valueAt(row, name);
		if (value === void 0) throw badRow(where, `it has no '${name}', which fields.${column} names`);
		return [column, value];
	});
	return own.length === 0 ? row : {
		...row,
		...Object.fromEntries(own)
	};
}
function valueAt(row, name) {
	if (Object.hasOwn(row, name)) return row[name];
	return name.split(".").reduce((value, key) => {
		return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? value[key] : void 0;
	}, row);
}
function wrong$2(key, why, cure) {
	return new AisBenchError("UTILS-CFG-002", `${key}: ${why}`, {
		where: key,
		cure
	});
}
var KEYS$1, FileDataset;
var init_file = __esmMin((() => {
	init_errors$1();
	init_csv();
	init_locate();
	init_read$1();
	KEYS$1 = ["train_path", "fields"];
	FileDataset = {
		name: "FileDataset",
		async load({ path, roots, params }) {
			const unknown = Object.keys(params).find((key) => !KEYS$1.includes(key));
			if (unknown !== void 0) throw wrong$2(unknown, "FileDataset has no such key", `only: ${KEYS$1.join(", ")}`);
			const fields = fieldsOf(params["fields"]);
			const file = await fileAt(path, "path", roots);
			const train = await trainFile(params["train_path"], file, roots);
			return {
				test: await readRows$1(file, fields),
				train: train === void 0 ? [] : await readRows$1(train, fields)
			};
		}
	};
}));
// src/dataset/builtin/demo-mcq.ts
var demo_mcq_exports = /* @__PURE__ */ __exportAll({
	DEMO_CHOICES: () => DEMO_CHOICES,
	DemoMcqDataset: () => DemoMcqDataset
});
function choice(question, answer, ...options) {
	return {
		question,
		options,
		answer
	};
}
var LETTERS$4, DEMO_CHOICES, DemoMcqDataset;
var init_demo_mcq = __esmMin((() => {
	LETTERS$4 = [
		"A",
		"B",
		"C",
		"D"
	];
	DEMO_CHOICES = [
		choice("Which city is the capital of France?", "B", "Berlin", "Paris", "Madrid", "Rome"),
		choice("What colour is a clear sky by day?", "A", "blue", "green", "red"),
		choice("How many legs does a spider have?", "B", "six", "eight", "ten", "four"),
		choice("Is the sun a star?", "A", "Yes", "No"),
		choice("At how many degrees Celsius does water freeze?", "C", "100", "50", "0"),
		choice("What is 7 times 8?", "B", "54", "56", "63", "48"),
		choice("Which of these animals can fly?", "C", "a dog", "a snake", "an eagle", "a whale"),
		choice("Which month comes right after April?", "C", "March", "June", "May", "August"),
		choice("Which planet do we live on?", "D", "Mars", "Venus", "Jupiter", "Earth"),
		choice("What do bees make?", "A", "honey", "milk", "silk"),
		choice("Which of these numbers is the largest?", "B", "12", "21", "9"),
		choice("What is 100 minus 37?", "B", "73", "63", "67", "137"),
		choice("Does ice sink in water?", "B", "Yes", "No"),
		choice("Which language do most people in Brazil speak?", "D", "Spanish", "French", "English", "Portuguese"),
		choice("Where does the sun rise?", "D", "in the west", "in the north", "in the south", "in the east"),
		choice("How many minutes are there in an hour?", "C", "24", "100", "60", "12"),
		choice("Which gas in the air do people need?", "B", "helium", "oxygen", "neon"),
		choice("What is half of 90?", "A", "45", "40", "30", "180"),
		choice("Which of these is a fruit?", "D", "a carrot", "a potato", "an onion", "a pear"),
		choice("Are all squares rectangles?", "A", "Yes", "No")
	];
	DemoMcqDataset = {
		name: "DemoMcqDataset",
		async load() {
			return {
				train: [],
				test: DEMO_CHOICES.map(({ question, options, answer }) => ({
					question,
					...Object.fromEntries(LETTERS$4.map((letter, i) => [letter, options[i] ?? null])),
					answer
				}))
			};
		}
	};
}));
// src/dataset/builtin/ifeval.ts
/**
* IFEval, prompts with instructions that a program can check: google-research/instruction_following_eval, Apache-2.0. File
* `input_data.jsonl`, rows `{key, prompt, instruction_id_list, kwargs}`; other copies write a null for each kwarg that an
* instruction has not.
*/
var ifeval_exports$1 = /* @__PURE__ */ __exportAll({
	IFEvalDataset: () => IFEvalDataset,
	toIFEvalRow: () => toIFEvalRow
});
/** Checks a row, and takes the nulls out of its kwargs. Throws DSET-DATA-002 naming `where`. */
function toIFEvalRow(row, where) {
	const { key, prompt, instruction_id_list: ids, kwargs } = row;
	if (typeof key !== "number") throw badRow(where, "it has no number in column 'key'");
	if (typeof prompt !== "string") throw badRow(where, "it has no text in column 'prompt'");
	if (!Array.isArray(ids) || ids.length === 0 || ids.some((id) => typeof id !== "string")) throw badRow(where, "it has no list of names in column 'instruction_id_list'");
	if (!Array.isArray(kwargs) || kwargs.length !== ids.length || !kwargs.every(isObject)) throw badRow(where, "it has no object for each instruction in column 'kwargs'");
	return {
		...row,
		key,
		prompt,
		instruction_id_list: ids,
		kwargs: kwargs.map(withoutNulls)
	};
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function withoutNulls(values) {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
var SOURCE$12, DEFAULT_PATH$3, FILE, IFEvalDataset;
var init_ifeval$1 = __esmMin((() => {
	init_locate();
	init_read$1();
	SOURCE$12 = "github.com/google-research/google-research (folder instruction_following_eval/data, Apache-2.0)";
	DEFAULT_PATH$3 = "ais_bench/datasets/ifeval";
	FILE = "input_data.jsonl";
	IFEvalDataset = {
		name: "IFEvalDataset",
		reference: ({ key, instruction_id_list, kwargs, prompt }) => ({
			key,
			instruction_id_list,
			kwargs,
			prompt
		}),
		async load({ path: given, roots }) {
			const path = given === "" ? DEFAULT_PATH$3 : given.replaceAll("\\", "/");
			const file = path.endsWith(".jsonl") ? posix.basename(path) : FILE;
			const place = await locateFolder({
				path: path.endsWith(".jsonl") ? posix.dirname(path) : path,
				roots
			}, {
				files: [file],
				source: SOURCE$12
			});
			return {
				train: [],
				test: await readJsonl(posix.join(place, file), toIFEvalRow)
			};
		}
	};
}));
// src/dataset/builtin/mmlu.ts
/**
* MMLU, multiple choice in 57 subjects: hendrycks/test, MIT licence. Files `dev/<subject>_dev.csv` (five worked examples) and
* `test/<subject>_test.csv`, also `val/`; no header, fields: question, four options, the letter of the answer.
*/
var mmlu_exports = /* @__PURE__ */ __exportAll({ MMLUDataset: () => MMLUDataset });
async function readMmlu(file) {
	return (await readCsvRecords(file)).map(({ fields, line }) => {
		const where = `${file}:${line}`;
		if (fields.length !== 6) throw badRow(where, `it has ${fields.length} fields and not 6`);
		const [input, A, B, C, D, target] = fields;
		return {
			input,
			A,
			B,
			C,
			D,
			target: checkedLetter(target, "ABCD", where)
		};
	});
}
var SOURCE$11, USUAL$5, MMLUDataset;
var init_mmlu = __esmMin((() => {
	init_columns();
	init_csv();
	init_locate();
	init_read$1();
	SOURCE$11 = "github.com/hendrycks/test (data.tar, MIT licence)";
	USUAL$5 = ["ais_bench/datasets/mmlu", "ais_bench/datasets/mmlu/data"];
	MMLUDataset = {
		name: "MMLUDataset",
		async load(options) {
			const subject = textParam(options, "name", "college_physics");
			const { train, test } = splitNames(options, {
				train: "dev",
				test: "test",
				known: [
					"dev",
					"val",
					"test"
				]
			});
			const fileOf = (split) => join(split, `${subject}_${split}.csv`);
			const folder = await locateFolder(options, {
				files: [fileOf(test)],
				source: SOURCE$11,
				usual: USUAL$5
			});
			return {
				train: await ifThere(join(folder, fileOf(train)), readMmlu),
				test: await readMmlu(join(folder, fileOf(test)))
			};
		}
	};
}));
// src/dataset/builtin/mmlu-pro.ts
/**
* MMLU-Pro, up to ten options in 14 categories: TIGER-Lab/MMLU-Pro on Hugging Face, MIT licence. Published as Parquet, which
* is not read: `test.jsonl` (12,032 rows) and `validation.jsonl` (five worked examples a category) hold the same rows,
* `{question, options, answer, cot_content, category, …}`. Format unseen: no real file was read with this class.
*/
var mmlu_pro_exports$1 = /* @__PURE__ */ __exportAll({ MMLUProDataset: () => MMLUProDataset });
async function readCategory(file, category) {
	const rows = await readJsonl(file, (row, where) => ({
		row,
		where
	}));
	const own = rows.filter(({ row }) => row["category"] === category);
	if (own.length > 0) return own.map(({ row, where }) => toMmluProRow(row, where));
	throw badRow(file, `none is of category '${category}'; there are ${[...new Set(rows.map(({ row }) => String(row["category"])))].sort().join(", ") || "none at all"}`);
}
/** Checks a row and adds the columns that prompts and scores use. Throws DSET-DATA-002 naming `where`. */
function toMmluProRow(row, where) {
	const options = textsIn$3(row, "options", where);
	if (options.length > LETTERS$3.length) throw badRow(where, `it has ${options.length} options`);
	const answer = checkedLetter(row["answer"], LETTERS$3.slice(0, options.length), where);
	const lines = options.map((option, i) => `${LETTERS$3[i]}. ${option}\n`);
	const cot = textIn$1(row, "cot_content", where);
	return {
		...row,
		question: textIn$1(row, "question", where),
		options_str: lines.filter((_, i) => options[i] !== "N/A").join("").trim(),
		answer,
		answer_string: lines[LETTERS$3.indexOf(answer)],
		cot_content: (cot.startsWith(COT_PREFIX) ? cot.slice(COT_PREFIX.length) : cot).trim()
	};
}
var SOURCE$10, LETTERS$3, COT_PREFIX, MMLUProDataset;
var init_mmlu_pro$1 = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$10 = "TIGER-Lab/MMLU-Pro on Hugging Face (MIT licence; its Parquet files written as JSON lines, one object a row)";
	LETTERS$3 = "ABCDEFGHIJKLMNOP";
	COT_PREFIX = "A: Let's think step by step.";
	MMLUProDataset = {
		name: "MMLUProDataset",
		async load(options) {
			const category = textParam(options, "category", "law");
			const { train, test } = splitNames(options, {
				train: "validation",
				test: "test",
				known: ["validation", "test"]
			});
			const folder = await locateFolder(options, {
				files: [`${test}.jsonl`],
				source: SOURCE$10,
				usual: ["ais_bench/datasets/mmlu_pro"]
			});
			const read = (file) => readCategory(file, category);
			return {
				train: await ifThere(join(folder, `${train}.jsonl`), read),
				test: await read(join(folder, `${test}.jsonl`))
			};
		}
	};
}));
// src/dataset/builtin/ceval.ts
/**
* C-Eval, Chinese multiple choice in 52 subjects: hkust-nlp/ceval, CC BY-NC-SA 4.0. Files `val/<subject>_val.csv` (asked),
* `dev/<subject>_dev.csv` (five worked examples), `test/<subject>_test.csv` (no answers are published); columns id, question,
* A to D, answer and, in dev, explanation. Format unseen: no real file was read with this class.
*/
var ceval_exports = /* @__PURE__ */ __exportAll({ CEvalDataset: () => CEvalDataset });
/** Line breaks inside of fields are LF, as Python's text files have them. */
async function readCEval(file) {
	return parseCsv((await readText$3(file)).replace(/\r\n?/g, "\n"), file, toCEvalRow);
}
function toCEvalRow(row, where) {
	for (const column of [
		"question",
		"A",
		"B",
		"C",
		"D"
	]) textIn$1(row, column, where);
	const { answer = "", explanation = "" } = row;
	return {
		...row,
		explanation,
		answer: answer === "" ? "" : checkedLetter(answer, "ABCD", where)
	};
}
var SOURCE$9, USUAL$4, HIDDEN, CEvalDataset;
var init_ceval = __esmMin((() => {
	init_columns();
	init_csv();
	init_locate();
	init_read$1();
	SOURCE$9 = "github.com/hkust-nlp/ceval (ceval-exam.zip, CC BY-NC-SA 4.0)";
	USUAL$4 = ["ais_bench/datasets/ceval/formal_ceval", "ais_bench/datasets/ceval"];
	HIDDEN = "C-Eval publishes no answers of its test split: its accuracy here says nothing; ask the val split";
	CEvalDataset = {
		name: "CEvalDataset",
		async load(options) {
			const subject = textParam(options, "name", "college_physics");
			const { train, test } = splitNames(options, {
				train: "dev",
				test: "val",
				known: [
					"dev",
					"val",
					"test"
				]
			});
			const fileOf = (split) => join(split, `${subject}_${split}.csv`);
			const folder = await locateFolder(options, {
				files: [fileOf(test)],
				source: SOURCE$9,
				usual: USUAL$4
			});
			const asked = await readCEval(join(folder, fileOf(test)));
			return {
				train: await ifThere(join(folder, fileOf(train)), readCEval),
				test: asked,
				notes: asked.length > 0 && asked.every(({ answer }) => answer === "") ? [HIDDEN] : []
			};
		}
	};
}));
// src/dataset/builtin/cmmlu.ts
/**
* CMMLU, Chinese multiple choice in 67 subjects: haonan-li/CMMLU, CC BY-NC 4.0. Files `test/<subject>.csv` (11,582 questions) and
* `dev/<subject>.csv` (five worked examples); a header, then a number, the question, four options and the letter of the
* answer. Format unseen: no real file was read with this class.
*/
var cmmlu_exports = /* @__PURE__ */ __exportAll({ CMMLUDataset: () => CMMLUDataset });
/** By place, as AISBench reads it: the header's first column has no name, and the others' names differ from ours. */
async function readCmmlu(file) {
	const [, ...records] = await readCsvRecords(file);
	return records.map(({ fields, line }) => {
		const where = `${file}:${line}`;
		if (fields.length !== 7) throw badRow(where, `it has ${fields.length} fields and not 7`);
		const [, question, A, B, C, D, answer] = fields;
		return {
			question,
			A,
			B,
			C,
			D,
			answer: checkedLetter(answer, "ABCD", where)
		};
	});
}
var SOURCE$8, CMMLUDataset;
var init_cmmlu = __esmMin((() => {
	init_columns();
	init_csv();
	init_locate();
	init_read$1();
	SOURCE$8 = "github.com/haonan-li/CMMLU (cmmlu_v1_0_1.zip, CC BY-NC 4.0)";
	CMMLUDataset = {
		name: "CMMLUDataset",
		async load(options) {
			const subject = textParam(options, "name", "agronomy");
			const { train, test } = splitNames(options, {
				train: "dev",
				test: "test",
				known: ["dev", "test"]
			});
			const fileOf = (split) => join(split, `${subject}.csv`);
			const folder = await locateFolder(options, {
				files: [fileOf(test)],
				source: SOURCE$8,
				usual: ["ais_bench/datasets/cmmlu", "ais_bench/datasets/cmmlu_v1_0_1"]
			});
			return {
				train: await ifThere(join(folder, fileOf(train)), readCmmlu),
				test: await readCmmlu(join(folder, fileOf(test)))
			};
		}
	};
}));
// src/dataset/builtin/bbh.ts
/**
* BIG-Bench Hard, 27 tasks of reasoning: suzgunmirac/BIG-Bench-Hard, MIT licence. A file `<task>.json` `{canary, examples:
* [{input, target}]}`; beside the tasks' folder `cot-prompts/<task>.txt` (the authors') or `lib_prompt/<task>.txt`
* (AISBench's layout), three worked examples of a task as one text.
*/
var bbh_exports = /* @__PURE__ */ __exportAll({ BBHDataset: () => BBHDataset });
function rowsOf$1(content, file) {
	const examples = typeof content === "object" && content !== null ? content["examples"] : void 0;
	const isRow = (one) => typeof one === "object" && one !== null;
	if (!Array.isArray(examples) || examples.length === 0 || !examples.every(isRow)) throw badRow(file, "it has no list of objects `examples`");
	return examples;
}
async function examplesOf(folder, task) {
	const places = [folder, dirname(folder)].flatMap((place) => EXAMPLE_FOLDERS.map((name) => join(place, name, `${task}.txt`)));
	for (const place of places) if (await fileExists(place)) return (await readText$3(place)).replace(CANARY_HEADER, "").trim();
	return "";
}
function withoutExamples(folder, task) {
	return `bbh ${task} is asked without its three worked examples: there is no ${join(basename(folder), EXAMPLE_FOLDERS[1], `${task}.txt`)}, of ${SOURCE$7}`;
}
var SOURCE$7, USUAL$3, EXAMPLE_FOLDERS, CANARY_HEADER, BBHDataset;
var init_bbh = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$7 = "github.com/suzgunmirac/BIG-Bench-Hard (folders bbh and cot-prompts, MIT licence)";
	USUAL$3 = [
		"ais_bench/datasets/bbh",
		"ais_bench/datasets/BBH/data",
		"ais_bench/datasets/bbh/data",
		"ais_bench/datasets/BIG-Bench-Hard/bbh"
	];
	EXAMPLE_FOLDERS = ["lib_prompt", "cot-prompts"];
	CANARY_HEADER = /^[^\n]*canary[^\n]*\r?\n-+\r?\n/i;
	BBHDataset = {
		name: "BBHDataset",
		async load(options) {
			const task = textParam(options, "name", "navigate");
			const file = `${task}.json`;
			const folder = await locateFolder(options, {
				files: [file],
				source: SOURCE$7,
				usual: USUAL$3
			});
			const examples = await examplesOf(folder, task);
			const rows = rowsOf$1(await readJson(join(folder, file)), join(folder, file)).map((row, i) => {
				const where = `${join(folder, file)}, example ${i}`;
				return {
					input: textIn$1(row, "input", where),
					target: textIn$1(row, "target", where),
					examples
				};
			});
			return {
				train: rows,
				test: rows,
				notes: examples === "" ? [withoutExamples(folder, task)] : []
			};
		}
	};
}));
// src/dataset/builtin/agieval.ts
/**
* AGIEval, questions of exams in English and Chinese, 21 sets: ruixiangcui/AGIEval, MIT licence. A file `<set>.jsonl`, rows
* `{passage, question, options, label, answer}`. Format unseen: no real file was read with this class.
*/
var agieval_exports$1 = /* @__PURE__ */ __exportAll({ AGIEvalDataset_v2: () => AGIEvalDataset_v2 });
function checkSetting(value) {
	if (value === void 0 || value === "zero-shot") return;
	throw new AisBenchError("UTILS-CFG-002", `setting_name is ${JSON.stringify(value)}`, {
		where: "setting_name",
		cure: "leave it out, or write setting_name: 'zero-shot': AGIEval is asked without worked examples"
	});
}
/** Throws DSET-DATA-002 naming `where`. */
function toAgievalRow(row, where) {
	const { passage, options, label, answer } = row;
	if (!isEmpty(options) && !Array.isArray(options)) throw badRow(where, "its options are no list");
	const given = isEmpty(label) ? answer : label;
	const right = Array.isArray(given) ? given.join("") : given;
	if (typeof right !== "string" || right === "") throw badRow(where, "it has neither a label nor an answer");
	const before = typeof passage === "string" ? passage : "";
	return {
		passage: before,
		question: before + textIn$1(row, "question", where),
		options: isEmpty(options) ? "" : options.join("\n"),
		label: right
	};
}
/** What Python takes for false: such a label is none. */
function isEmpty(value) {
	if (Array.isArray(value)) return value.length === 0;
	return value === void 0 || value === null || value === "";
}
var SOURCE$6, USUAL$2, AGIEvalDataset_v2;
var init_agieval$1 = __esmMin((() => {
	init_errors$1();
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$6 = "github.com/ruixiangcui/AGIEval (folder data/v1, MIT licence)";
	USUAL$2 = ["ais_bench/datasets/agieval", "ais_bench/datasets/AGIEval/data/v1"];
	AGIEvalDataset_v2 = {
		name: "AGIEvalDataset_v2",
		source: ({ passage }) => typeof passage === "string" && passage !== "" ? markOf(passage) : void 0,
		async load(options) {
			const name = textParam(options, "name", "sat-math");
			checkSetting(options.params["setting_name"]);
			const file = `${name}.jsonl`;
			const folder = await locateFolder(options, {
				files: [file],
				source: SOURCE$6,
				usual: USUAL$2
			});
			const rows = await readJsonl(join(folder, file), toAgievalRow);
			return {
				train: rows,
				test: rows
			};
		}
	};
}));
// src/dataset/builtin/arc.ts
/**
* ARC, science questions of schools, an easy and a hard set: Allen Institute for AI, CC BY-SA 4.0. Files
* `ARC-Challenge-Test.jsonl`, `ARC-Easy-Test.jsonl` and the same with `Dev`, rows `{question: {stem, choices: [{text,
* label}]}, answerKey}`. Format unseen: no real file was read with this class.
*/
var arc_exports = /* @__PURE__ */ __exportAll({ ARCDataset: () => ARCDataset });
function noteOn(name, all, asked) {
	if (all === asked) return [];
	return [`${name}: ${all - asked} of ${all} questions are left out, as in AISBench: they have not four choices`];
}
/** Undefined where there are not four choices. Throws DSET-DATA-002 naming `where`. */
function toArcRow({ question, answerKey }, where) {
	const { stem, choices } = question ?? {};
	if (typeof stem !== "string" || !Array.isArray(choices)) throw badRow(where, "its question has no stem or no choices");
	if (choices.length !== LETTERS$2.length) return void 0;
	const all = choices.map((choice) => choice ?? {});
	const answer = all.findIndex(({ label }) => label === answerKey);
	if (answer < 0) throw badRow(where, `no choice has the label ${JSON.stringify(answerKey)}, its answerKey`);
	const texts = all.map((choice, i) => [`text${LETTERS$2[i]}`, textIn$1(choice, "text", where)]);
	return {
		question: stem,
		answerKey: LETTERS$2[answer],
		...Object.fromEntries(texts)
	};
}
var SOURCE$5, LETTERS$2, ARCDataset;
var init_arc = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$5 = "allenai.org/data/arc (ARC-V1-Feb2018-2.zip, CC BY-SA 4.0)";
	LETTERS$2 = "ABCD";
	ARCDataset = {
		name: "ARCDataset",
		async load(options) {
			const name = textParam(options, "name", "ARC-Challenge");
			const { train, test } = splitNames(options, {
				train: "Dev",
				test: "Test",
				known: [
					"Train",
					"Dev",
					"Test"
				]
			});
			const fileOf = (split) => `${name}-${split}.jsonl`;
			const usual = [
				`ais_bench/datasets/ARC/${name === "ARC-Easy" ? "ARC-e" : "ARC-c"}`,
				`ais_bench/datasets/ARC/${name}`,
				`ais_bench/datasets/ARC-V1-Feb2018-2/${name}`
			];
			const folder = await locateFolder(options, {
				files: [fileOf(test)],
				source: SOURCE$5,
				usual
			});
			const read = (split) => ifThere(join(folder, fileOf(split)), (file) => readJsonl(file, toArcRow));
			const examples = (await read(train)).filter((row) => row !== void 0);
			const all = await read(test);
			const asked = all.filter((row) => row !== void 0);
			return {
				train: examples,
				test: asked,
				notes: noteOn(name, all.length, asked.length)
			};
		}
	};
}));
// src/dataset/builtin/siqa.ts
var siqa_exports = /* @__PURE__ */ __exportAll({ siqaDataset_V2: () => siqaDataset_V2 });
function toSiqaRow(row, label, where) {
	for (const column of ["context", "question"]) textIn$1(row, column, where);
	const answers = LETTERS$1.map((letter) => textIn$1(row, `answer${letter}`, where));
	const letter = LETTERS$1[label - 1];
	if (letter === void 0) throw badRow(where, `its label ${label} is none of 1, 2, 3`);
	const candidates = LETTERS$1.map((own, i) => [
		`${own}. ${answers[i]}`,
		own,
		answers[i]
	]);
	return {
		...row,
		all_labels: {
			candidates,
			label: label - 1
		},
		label: letter
	};
}
var SOURCE$4, USUAL$1, LETTERS$1, siqaDataset_V2;
var init_siqa = __esmMin((() => {
	init_columns();
	init_read$1();
	init_labelled();
	SOURCE$4 = "allenai.org/data/socialiqa (socialiqa-train-dev.zip, no licence stated)";
	USUAL$1 = ["ais_bench/datasets/siqa", "ais_bench/datasets/socialiqa-train-dev"];
	LETTERS$1 = [
		"A",
		"B",
		"C"
	];
	siqaDataset_V2 = {
		name: "siqaDataset_V2",
		load: (options) => loadLabelled(options, {
			source: SOURCE$4,
			usual: USUAL$1,
			toRow: toSiqaRow
		})
	};
}));
// src/dataset/builtin/race.ts
/**
* RACE, reading comprehension from English exams in China: Carnegie Mellon University, for research that is not commercial.
* Read in both forms that are about: the authors' folders `test/high/*.txt`, a passage a file `{article, questions, options,
* answers}`, and OpenCompass's `test/high.jsonl`, a question a row. Format unseen: no real file was read with this class.
*/
var race_exports = /* @__PURE__ */ __exportAll({ RaceDataset: () => RaceDataset });
/** The error of a dataset that is nowhere names the authors' form. */
async function folderOf(options, name, split) {
	const look = (file) => locateFolder(options, {
		files: [file],
		source: SOURCE$3,
		usual: USUAL
	});
	return look(join(split, `${name}.jsonl`)).catch(() => look(join(AUTHORS[split], name)));
}
async function readSplit(folder, split, name) {
	const repacked = join(folder, split, `${name}.jsonl`);
	if (await fileExists(repacked)) return readJsonl(repacked, toQuestion);
	const passages = join(folder, AUTHORS[split], name);
	const rows = [];
	for (const file of await filesIn(passages, ".txt")) rows.push(...questionsOf(await readJson(join(passages, file)), join(passages, file)));
	return rows;
}
function toQuestion(row, where) {
	const [A, B, C, D] = textsIn$3(row, "options", where, 4);
	const [article, question] = [textIn$1(row, "article", where), textIn$1(row, "question", where)];
	return {
		article,
		question,
		A,
		B,
		C,
		D,
		answer: checkedLetter(row["answer"], "ABCD", where)
	};
}
/** The questions about a passage, as the authors' file has them. */
function questionsOf(content, file) {
	const passage = content ?? {};
	const [questions, answers] = [textsIn$3(passage, "questions", file), textsIn$3(passage, "answers", file)];
	const { article, options } = passage;
	if (!Array.isArray(options) || options.length !== questions.length || answers.length !== questions.length) throw badRow(file, "it has not as many options and answers as questions");
	return questions.map((question, i) => toQuestion({
		article,
		question,
		options: options[i],
		answer: answers[i]
	}, `${file}, question ${i}`));
}
var SOURCE$3, USUAL, AUTHORS, RaceDataset;
var init_race = __esmMin((() => {
	init_columns();
	init_locate();
	init_read$1();
	SOURCE$3 = "www.cs.cmu.edu/~glai1/data/race (RACE.tar.gz, for non-commercial research)";
	USUAL = ["ais_bench/datasets/race", "ais_bench/datasets/RACE"];
	AUTHORS = {
		validation: "dev",
		test: "test",
		train: "train"
	};
	RaceDataset = {
		name: "RaceDataset",
		source: ({ article }) => markOf(String(article)),
		async load(options) {
			const name = textParam(options, "name", "high");
			const { train, test } = splitNames(options, {
				train: "validation",
				test: "test",
				known: Object.keys(AUTHORS)
			});
			const folder = await folderOf(options, name, test);
			return {
				train: await readSplit(folder, train, name),
				test: await readSplit(folder, test, name)
			};
		}
	};
}));
// src/dataset/builtin/humaneval.ts
var humaneval_exports$1 = /* @__PURE__ */ __exportAll({
	HumanevalDataset: () => HumanevalDataset,
	toHumanevalRow: () => toHumanevalRow
});
/** Checks the columns. Throws DSET-DATA-002 naming `where`. */
function toHumanevalRow(row, where) {
	for (const column of [
		"task_id",
		"prompt",
		"entry_point",
		"test"
	]) if (typeof row[column] !== "string") throw badRow(where, `it has no text in column '${column}'`);
	if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(String(row["entry_point"]))) throw badRow(where, `its entry_point '${String(row["entry_point"])}' is not a name`);
	return row;
}
var SOURCE$2, DEFAULT_PATH$2, NAMES, HumanevalDataset;
var init_humaneval$1 = __esmMin((() => {
	init_read$1();
	init_code_files();
	SOURCE$2 = "github.com/openai/human-eval (folder data, MIT licence)";
	DEFAULT_PATH$2 = "ais_bench/datasets/humaneval";
	NAMES = [
		"HumanEval.jsonl",
		"HumanEval.jsonl.gz",
		"human-eval-v2-20210705.jsonl"
	];
	HumanevalDataset = {
		name: "HumanevalDataset",
		reference: ({ prompt, test, entry_point }) => ({
			prompt,
			test,
			entry_point
		}),
		async load({ path, roots }) {
			return {
				train: [],
				test: await readJsonl(await locateOneOf({
					path: path === "" ? DEFAULT_PATH$2 : path,
					roots
				}, {
					names: NAMES,
					source: SOURCE$2
				}), toHumanevalRow)
			};
		}
	};
}));
// src/dataset/builtin/find-files.ts
/**
* The files of a dataset that is published under several names. A path that is a file is looked for as it is, and then by its
* name in its folder. Throws DSET-FILE-001 that names the first of each.
*/
async function findFiles(roots, { paths, files, source }) {
	let first;
	for (const path of paths) {
		const extension = extname(path);
		const found = extension === "" ? await anyOf(path, roots, files, source) : await attempt$3(async () => [await locateFile$1({
			path,
			roots
		}, {
			file: basename(path),
			extension,
			source
		})]);
		if (Array.isArray(found)) return found;
		first ??= found;
		const inFolder = extension === "" ? void 0 : await anyOf(dirname(path), roots, [[basename(path)]], source);
		if (Array.isArray(inFolder)) return inFolder;
	}
	throw first;
}
async function anyOf(path, roots, names, source) {
	let first;
	for (const files of names) {
		const folder = await attempt$3(() => locateFolder({
			path,
			roots
		}, {
			files,
			source
		}));
		if (typeof folder === "string") return files.map((file) => join(folder, file));
		first ??= folder;
	}
	return first;
}
/** A file beside another, where there is one. */
async function besides(file, name) {
	const other = join(dirname(file), name);
	return await fileExists(other) ? other : void 0;
}
async function attempt$3(look) {
	try {
		return await look();
	} catch (error) {
		if (error instanceof AisBenchError && error.code === "DSET-FILE-001") return error;
		throw error;
	}
}
var init_find_files = __esmMin((() => {
	init_errors$1();
	init_locate();
}));
// src/dataset/builtin/math.ts
/**
* MATH, problems of American competitions: D. Hendrycks and others, MIT licence; the 500 of PRM800K's test split, which are called
* MATH-500. `test.jsonl` has the rows `{problem, solution, answer, subject, level, unique_id}`. MATHDataset reads OpenCompass's
* `math.json` and `test_prm800k_500.json` too, one object of such rows by number (format unseen: read from a description).
*/
var math_exports$1 = /* @__PURE__ */ __exportAll({
	MATHDataset: () => MATHDataset,
	Math500Dataset: () => Math500Dataset,
	toMathRow: () => toMathRow
});
async function load({ path, roots, params }, toOwn) {
	const named = params["file_name"];
	const [file = ""] = await findFiles(roots, {
		paths: path === "" || path === DEFAULT_PATH$1 ? [DEFAULT_PATH$1, "math500"] : [path],
		files: (typeof named === "string" ? [named] : [
			"test.jsonl",
			"test_prm800k_500.jsonl",
			"test_prm800k_500.json",
			"math.json"
		]).map((name) => [name]),
		source: SOURCE$1
	});
	const train = await besides(file, "train.jsonl");
	return {
		test: (await readRows(file)).map(toOwn),
		train: train === void 0 ? [] : (await readRows(train)).map(toOwn)
	};
}
async function readRows(file) {
	if (extname(file) !== ".json") return readJsonl(file, toMathRow);
	const rows = await readJson(file);
	if (typeof rows !== "object" || rows === null) throw badRow(file, "it is no object of problems");
	return Object.entries(rows).map(([key, row]) => {
		if (typeof row !== "object" || row === null) throw badRow(`${file}: ${key}`, "it is no object");
		return toMathRow(row, `${file}: ${key}`);
	});
}
/** Checks a row and adds `answer` where the file has none, and `worked`. Throws DSET-DATA-002 naming `where`. */
function toMathRow(row, where) {
	const { problem, solution = "", answer } = row;
	if (typeof problem !== "string") throw badRow(where, "it has no text in column 'problem'");
	if (typeof solution !== "string") throw badRow(where, "its column 'solution' is no text");
	const gold = typeof answer === "string" || typeof answer === "number" ? String(answer) : lastBox(solution);
	if (gold === void 0) throw badRow(where, "it has no text in column 'answer', and no \\boxed in 'solution'");
	return {
		...row,
		problem,
		answer: gold,
		worked: solution
	};
}
/** What is in the last `\boxed{…}`; braces that are written `\{` do not count. */
function lastBox(solution) {
	const start = solution.lastIndexOf("\\boxed{");
	if (start === -1) return void 0;
	const inside = start + 7;
	let depth = 1;
	for (let i = inside; i < solution.length; i++) if (solution[i] === "\\") i++;
	else if (solution[i] === "{") depth++;
	else if (solution[i] === "}" && --depth === 0) return solution.slice(inside, i);
}
var SOURCE$1, DEFAULT_PATH$1, Math500Dataset, MATHDataset;
var init_math$1 = __esmMin((() => {
	init_read$1();
	init_find_files();
	SOURCE$1 = "github.com/openai/prm800k (prm800k/math_splits/test.jsonl, MIT licence)";
	DEFAULT_PATH$1 = "ais_bench/datasets/math";
	Math500Dataset = {
		name: "Math500Dataset",
		load: (options) => load(options, (row) => row)
	};
	MATHDataset = {
		name: "MATHDataset",
		load: (options) => load(options, (row) => ({
			...row,
			solution: row.answer
		}))
	};
}));
// src/dataset/builtin/aime.ts
var aime_exports = /* @__PURE__ */ __exportAll({
	Aime2024Dataset: () => Aime2024Dataset,
	Aime2025Dataset: () => Aime2025Dataset,
	Aime2026Dataset: () => Aime2026Dataset,
	toAimeRow: () => toAimeRow
});
function contest({ name, paths, files, source }) {
	return {
		name,
		async load(options) {
			const found = await findFiles(options.roots, {
				paths: options.path === "" || paths.includes(options.path) ? paths : [options.path],
				files,
				source
			});
			return {
				test: (await Promise.all(found.map((file) => readJsonl(file, toAimeRow)))).flat(),
				train: []
			};
		}
	};
}
/** Checks a row and gives its columns the names of later years. Throws DSET-DATA-002 naming `where`. */
function toAimeRow(row, where) {
	const question = row["origin_prompt"] ?? row["question"] ?? row["problem"];
	const answer = row["gold_answer"] ?? row["answer"];
	if (typeof question !== "string") throw badRow(where, "it has no text in column 'origin_prompt', 'question' or 'problem'");
	if (typeof answer !== "string" && typeof answer !== "number") throw badRow(where, "it has no number in column 'gold_answer' or 'answer'");
	return {
		...row,
		question,
		answer: String(answer).trim()
	};
}
var Aime2024Dataset, Aime2025Dataset, Aime2026Dataset;
var init_aime = __esmMin((() => {
	init_read$1();
	init_find_files();
	Aime2024Dataset = contest({
		name: "Aime2024Dataset",
		paths: ["ais_bench/datasets/aime2024", "ais_bench/datasets/aime"],
		files: [["aime.jsonl"], ["aime2024.jsonl"]],
		source: "OpenCompass's data files (aime.zip)"
	});
	Aime2025Dataset = contest({
		name: "Aime2025Dataset",
		paths: ["ais_bench/datasets/aime2025"],
		files: [["aime2025.jsonl"], ["aime2025-I.jsonl", "aime2025-II.jsonl"]],
		source: "the data set opencompass/AIME2025 (MIT licence)"
	});
	Aime2026Dataset = contest({
		name: "Aime2026Dataset",
		paths: ["ais_bench/datasets/aime2026"],
		files: [["aime2026.jsonl"], ["aime2026-I.jsonl", "aime2026-II.jsonl"]],
		source: "a file of the 30 problems as rows {question, answer}"
	});
}));
// src/dataset/builtin/mgsm-languages.ts
function words$2(mark, instruction) {
	return {
		mark,
		instruction: instruction(mark)
	};
}
var MGSM_LANGUAGES;
var init_mgsm_languages = __esmMin((() => {
	MGSM_LANGUAGES = {
		bn: words$2("উত্তর", (mark) => `নিচের অঙ্কটি ধাপে ধাপে সমাধান করো। শেষ লাইনে শুধু "${mark}:" এবং তার পরে সংখ্যাটি লেখো।`),
		de: words$2("Antwort", (mark) => `Löse die Aufgabe Schritt für Schritt. Schreibe in die letzte Zeile nur "${mark}:" und die Zahl.`),
		en: words$2("Answer", (mark) => `Solve the problem step by step. Write nothing but "${mark}:" and the number in the last line.`),
		es: words$2("Respuesta", (mark) => `Resuelve el problema paso a paso. En la última línea escribe solo "${mark}:" y el número.`),
		fr: words$2("Réponse", (mark) => `Résous le problème étape par étape. À la dernière ligne, écris seulement "${mark}:" et le nombre.`),
		ja: words$2("答え", (mark) => `次の問題を順を追って解いてください。最後の行には「${mark}:」と数だけを書いてください。`),
		ru: words$2("Ответ", (mark) => `Реши задачу шаг за шагом. В последней строке напиши только "${mark}:" и число.`),
		sw: words$2("Jibu", (mark) => `Tatua tatizo hili hatua kwa hatua. Katika mstari wa mwisho andika "${mark}:" na nambari tu.`),
		te: words$2("సమాధానం", (mark) => `ఈ లెక్కను దశలవారీగా చేయండి. చివరి పంక్తిలో "${mark}:" మరియు సంఖ్యను మాత్రమే రాయండి.`),
		th: words$2("คำตอบ", (mark) => `แก้โจทย์นี้ทีละขั้นตอน บรรทัดสุดท้ายให้เขียนเพียง "${mark}:" และตัวเลขเท่านั้น`),
		zh: words$2("答案", (mark) => `请一步一步解答下面的题目。最后一行只写“${mark}:”和数字。`)
	};
}));
// src/dataset/builtin/mgsm-exemplars.ts
/**
* The worked examples of one language from the text of `exemplars.py`: its `MGSM_EXEMPLARS`, a literal
* `{language: {number: {"q": …, "a": …}}}` that is read and never run. Throws DSET-DATA-002 where it is something else.
*/
function readExemplars(text, file, language) {
	const literal = /^MGSM_EXEMPLARS\s*=\s*(\{[\s\S]*?^\})/m.exec(text)?.[1];
	if (literal === void 0) throw badRow(file, "it has no MGSM_EXEMPLARS = {…}");
	const exemplars = toValue$1(literal, file)?.[language];
	if (typeof exemplars !== "object" || exemplars === null) throw badRow(file, `it has no examples in '${language}'`);
	return Object.values(exemplars).map((exemplar) => toRow(exemplar, file, language));
}
/** A Python literal of dictionaries and strings as JSON says it; strings side by side are one. */
function toValue$1(literal, file) {
	const json = literal.replace(LITERAL, (part) => /^["']/.test(part) ? JSON.stringify(unquoted(part)) : "").replace(/"((?:[^"\\]|\\[\s\S])*)"|[()]/g, (part) => part === "(" || part === ")" ? "" : part).replace(/(?<!\\)((?:\\\\)*)"\s+"/g, "$1");
	try {
		return JSON.parse(json);
	} catch (cause) {
		throw badRow(file, `its MGSM_EXEMPLARS is no literal of texts (${messageOf$2(cause)})`, cause);
	}
}
function unquoted(literal) {
	return literal.slice(1, -1).replace(/\\(?:u([\da-f]{4})|x([\da-f]{2})|\n|([\s\S]))/gi, (_all, unicode, byte, other) => {
		const code = unicode ?? byte;
		if (code !== void 0) return String.fromCharCode(Number.parseInt(code, 16));
		return other === void 0 ? "" : other === "n" ? "\n" : other;
	});
}
function toRow(exemplar, file, language) {
	const { q, a } = exemplar;
	if (typeof q !== "string" || typeof a !== "string") throw badRow(file, "an example has no texts 'q' and 'a'");
	const answer = a.match(/\d+/g)?.at(-1);
	if (answer === void 0) throw badRow(file, "the solution of an example has no number");
	const { mark, instruction } = MGSM_LANGUAGES[language];
	const worked = `${a.replace(HEADING, "")}\n${mark}: ${answer}`;
	return {
		question: q.replace(HEADING, ""),
		answer,
		instruction,
		worked
	};
}
var LITERAL, HEADING;
var init_mgsm_exemplars = __esmMin((() => {
	init_errors$1();
	init_read$1();
	init_mgsm_languages();
	LITERAL = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|#[^\n]*|,(?=\s*[}\]])/g;
	HEADING = /^[^:：\d]{1,60}[:：]\s*/;
}));
// src/dataset/builtin/mgsm.ts
/**
* MGSM, 250 problems of GSM8K in eleven languages: F. Shi and others, google-research/url-nlp, CC BY-SA 4.0. A file
* `mgsm_<language>.tsv` has a line `question<TAB>number` a problem; `exemplars.py` has eight worked examples a language. Format
* unseen: the test files were not at hand.
*/
var mgsm_exports = /* @__PURE__ */ __exportAll({
	MGSMSDataset: () => MGSMSDataset,
	parseMgsm: () => parseMgsm
});
/** The rows of a file's text. Throws DSET-DATA-002 that names the line. */
function parseMgsm(text, file, language) {
	const { instruction } = MGSM_LANGUAGES[language];
	return text.split("\n").flatMap((line, index) => {
		if (line.trim() === "") return [];
		const [question, answer, ...more] = line.trim().split("	");
		if (question === void 0 || answer === void 0 || more.length > 0) throw badRow(`${file}:${index + 1}`, "it is not a question, a tab and a number");
		return [{
			question,
			answer,
			instruction,
			worked: ""
		}];
	});
}
function languageOf(path) {
	const language = /^mgsm_([a-z]{2})\.tsv$/.exec(basename(path))?.[1];
	if (language !== void 0 && Object.hasOwn(MGSM_LANGUAGES, language)) return language;
	throw new AisBenchError("UTILS-CFG-002", `the dataset's path '${path}' names no language`, {
		where: "path",
		cure: `end it with mgsm_LANGUAGE.tsv, the language one of ${Object.keys(MGSM_LANGUAGES).join(", ")}`
	});
}
var SOURCE, DEFAULT_PATH, MGSMSDataset;
var init_mgsm = __esmMin((() => {
	init_errors$1();
	init_read$1();
	init_find_files();
	init_mgsm_exemplars();
	init_mgsm_languages();
	SOURCE = "github.com/google-research/url-nlp (folder mgsm, CC BY-SA 4.0)";
	DEFAULT_PATH = "ais_bench/datasets/mgsm/mgsm_en.tsv";
	MGSMSDataset = {
		name: "MGSMSDataset",
		async load({ path, roots }) {
			const wanted = path === "" ? DEFAULT_PATH : path;
			const language = languageOf(wanted);
			const [file = ""] = await findFiles(roots, {
				paths: [wanted],
				files: [],
				source: SOURCE
			});
			const exemplars = await besides(file, "exemplars.py");
			return {
				test: parseMgsm(await readText$3(file), file, language),
				train: exemplars === void 0 ? [] : readExemplars(await readText$3(exemplars), exemplars, language)
			};
		}
	};
}));
// src/evaluate/evaluators/acc.ts
var acc_exports = /* @__PURE__ */ __exportAll({ accEvaluator: () => accEvaluator });
var accEvaluator;
var init_acc = __esmMin((() => {
	accEvaluator = {
		name: "AccEvaluator",
		grade: ({ answer, reference }) => ({ credit: answer === reference ? 1 : 0 })
	};
}));
// src/evaluate/ifeval/python-text.ts
/** `text.strip()`. */
function strip(text) {
	return stripWhere(text, (character) => IS_SPACE.test(character));
}
/** `text.strip(character)`, of one character. */
function stripCharacter(text, character) {
	return stripWhere(text, (one) => one === character);
}
function stripWhere(text, isIn) {
	let start = 0;
	let end = text.length;
	while (start < end && isIn(text[start])) start++;
	while (end > start && isIn(text[end - 1])) end--;
	return text.slice(start, end);
}
/** `text.split()`. */
function splitSpaces(text) {
	return text.split(SPACES).filter((part) => part !== "");
}
/** `text.isupper()`: there are letters with a case, and all of them are upper-case. */
function isUpper(text) {
	return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}
/** `text.islower()`. */
function isLower(text) {
	return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}
/** The words of a text, as `\w+` finds them. */
function words$1(text) {
	return text.match(new RegExp(`${WORD$1}+`, "gu")) ?? [];
}
/** A pattern that finds this very text. */
function literal(text) {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
/** How often a pattern with the flag `g` is found, matches not overlapping: `len(re.findall(…))`. */
function count$1(text, pattern) {
	return text.match(pattern)?.length ?? 0;
}
var SPACE, NOT_SPACE, WORD$1, BOUNDARY, IS_SPACE, SPACES;
var init_python_text = __esmMin((() => {
	SPACE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
	NOT_SPACE = SPACE.replace("[", "[^");
	WORD$1 = String.raw`[\p{L}\p{N}_]`;
	BOUNDARY = `(?:(?<=${WORD$1})(?!${WORD$1})|(?<!${WORD$1})(?=${WORD$1}))`;
	IS_SPACE = new RegExp(SPACE, "u");
	SPACES = new RegExp(`${SPACE}+`, "u");
}));
// src/evaluate/ifeval/follow.ts
/** Which instructions a reply follows. A blank reply follows none. */
function follow(reply, instructions) {
	const variants = looseVariants(reply);
	return instructions.map(({ id, isFollowed }) => {
		const strict = isFollowedBy(reply, isFollowed);
		return {
			id,
			strict,
			loose: strict || variants.some((variant) => isFollowedBy(variant, isFollowed))
		};
	});
}
/** The reply without stars, and without its first line, its last one or both, with their stars and without. */
function looseVariants(reply) {
	const lines = reply.split("\n");
	const shorter = [
		lines.slice(1),
		lines.slice(0, -1),
		lines.slice(1, -1)
	].map((some) => strip(some.join("\n")));
	return [...shorter, ...[reply, ...shorter].map((text) => text.replaceAll("*", ""))];
}
function isFollowedBy(text, check) {
	return strip(text) !== "" && check(text);
}
var init_follow = __esmMin((() => {
	init_python_text();
}));
// src/evaluate/ifeval/kwargs.ts
/** A number that is 0 or more. Throws DSET-DATA-002. */
function numberOf$1(kwargs, name) {
	const value = kwargs.values[name];
	if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw badInstruction(kwargs.where, `its kwargs have no number in '${name}'`);
	return value;
}
/** A text that is not blank, without the space around it. Throws DSET-DATA-002. */
function textOf$3(kwargs, name) {
	const value = kwargs.values[name];
	if (typeof value !== "string" || value.trim() === "") throw badInstruction(kwargs.where, `its kwargs have no text in '${name}'`);
	return value.trim();
}
/** A list of texts that is not empty. Throws DSET-DATA-002. */
function textsOf$1(kwargs, name) {
	const value = kwargs.values[name];
	if (!Array.isArray(value) || value.length === 0 || value.some((one) => typeof one !== "string")) throw badInstruction(kwargs.where, `its kwargs have no list of texts in '${name}'`);
	return value;
}
/** `less than` or `at least` the number in `limit`. Throws DSET-DATA-002. */
function comparisonOf(kwargs, relation, limit) {
	const bound = numberOf$1(kwargs, limit);
	const value = kwargs.values[relation];
	if (value === "less than") return (count) => count < bound;
	if (value === "at least") return (count) => count >= bound;
	throw badInstruction(kwargs.where, `its kwargs say neither 'less than' nor 'at least' in '${relation}'`);
}
/** DSET-DATA-002 for an instruction that cannot be checked. */
function badInstruction(where, what) {
	return new AisBenchError("DSET-DATA-002", `an instruction of IFEval cannot be checked: ${what}`, {
		where,
		cure: "fetch input_data.jsonl of IFEval again, or correct that row"
	});
}
var init_kwargs = __esmMin((() => {
	init_errors$1();
}));
// src/evaluate/ifeval/language-scores.ts
/** The language of a text, among those that share its script: the first of the table where little tells them apart. */
function likeliest(text, profiles) {
	const evidence = evidenceIn(text, profiles);
	let best;
	for (const profile of profiles) {
		const score = scoreOf(profile, evidence) + (best === void 0 ? FIRST_AHEAD : 0);
		if (best === void 0 || score > best.score) best = {
			code: profile.code,
			score
		};
	}
	return best?.code;
}
function evidenceIn(text, profiles) {
	const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
	const isFrequent = (word) => profiles.some(({ weights }) => weights.has(word));
	return {
		frequent: words.filter(isFrequent),
		others: words.filter((word) => !isFrequent(word)).map(triplesOf),
		letters: [...words.join("").replace(/[a-z]+/g, "")]
	};
}
function scoreOf({ letters, weights, triples }, evidence) {
	let score = 0;
	for (const word of evidence.frequent) score += weights.get(word) ?? 0;
	for (const found of evidence.others) score += LIKE_WORD * found.filter((triple) => triples.has(triple)).length / found.length;
	for (const letter of evidence.letters) if (!letters.has(letter)) score -= FOREIGN_LETTER;
	return score;
}
/** Makes ready what `likeliest` compares with. */
function profilesOf(facts) {
	return Object.entries(facts).map(([code, { letters, words }]) => {
		const list = [...new Set(words.split(/\s+/).filter((word) => word !== ""))];
		const step = (WORD_WEIGHT.most - WORD_WEIGHT.least) / list.length;
		return {
			code,
			letters: new Set(letters),
			weights: new Map(list.map((word, rank) => [word, WORD_WEIGHT.most - rank * step])),
			triples: new Set(list.flatMap(triplesOf))
		};
	});
}
/** Groups of three letters, with a space for the start and the end of the word; a word has at least one. */
function triplesOf(word) {
	const letters = [
		" ",
		...word,
		" "
	];
	return letters.slice(2).map((last, i) => `${letters[i]}${letters[i + 1]}${last}`);
}
var WORD_WEIGHT, FOREIGN_LETTER, LIKE_WORD, FIRST_AHEAD;
var init_language_scores = __esmMin((() => {
	WORD_WEIGHT = {
		most: 3,
		least: 1.5
	};
	FOREIGN_LETTER = 1.5;
	LIKE_WORD = .8;
	FIRST_AHEAD = 1;
}));
// src/evaluate/ifeval/latin-words.ts
var LATIN;
var init_latin_words = __esmMin((() => {
	LATIN = {
		en: {
			letters: "",
			words: `the of and to a in is you that it he was for on are as with his they i at be this have from or had by but not
      what all were we when your can said there an each which she do how their if will up other about out many then them
      these so some her would make like him into time has look two more go see no way could my than been who its now did
      get may over new only know just because should very through any also after where most us here must well being both
      between such while too own before please s t ll re ve don`
		},
		de: {
			letters: "äöüß",
			words: `der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass
      sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man
      sein wurde wenn ich du wir ihr mich mir dich uns kann können sehr hier alle diese dieser dieses kein keine doch gut
      muss immer mein meine ihre ihren seine unser unsere was wer wo warum dann denn weil ohne gegen zwischen während`
		},
		nl: {
			letters: "éëïóöü",
			words: `de het een en van in is dat op te zijn met voor niet die aan er om ook als dan maar bij nog uit door over ze hij
      zich naar was wordt worden hebben heeft je ik we wij jij u hun haar mijn deze dit wel geen kan kunnen meer veel of tot
      tegen na onder zo al alleen moet moeten zal zou zullen hoe wat waar wie waarom omdat onze ons jullie goed andere
      mensen jaar tijd heel hier toch want tussen zonder`
		},
		af: {
			letters: "êéëôûîèïö",
			words: `die en van in is het dat nie te vir met op wat sy hy om ek ons jy hulle was as ook aan by word n kan sal moet sou
      maar of uit tot deur oor na haar hom my jou julle hierdie daardie wees baie meer nog net so toe waar wie hoe omdat want
      dan geen een twee jaar mense goed tussen onder sonder gaan maak kom`
		},
		da: {
			letters: "æøåé",
			words: `og i at er det en til af på for den med som de der har ikke et var fra han kan om men sig hun så vil skal være
      eller blev også efter ved nu meget når hvad hvor hvorfor min mit mine din dit dine os vi jeg du mig dig jer deres vores
      hans hendes denne dette disse alle kun op ud ind over under mellem uden mod bliver blive havde kunne skulle ville
      været noget nogle andre mere mange to år hvis fordi`
		},
		no: {
			letters: "æøåéôò",
			words: `og i å er det en til av på for den med som de har ikke et var fra han kan om men seg hun så vil skal være eller
      ble også etter ved nå mye når hva hvor hvorfor min mitt mine din ditt oss vi jeg du meg deg dere deres vår våre hans
      hennes denne dette disse alle bare opp ut inn over under mellom uten mot blir bli hadde kunne skulle ville vært noe
      noen andre mer mange to år hvis fordi`
		},
		sv: {
			letters: "åäöé",
			words: `och i att det som en på är av för med den till inte har de ett om var jag men sig från så kan när han vi ska skulle
      hon eller också efter nu vid mycket vad hur varför min mitt mina din ditt oss du mig dig deras vår våra hans hennes
      denna detta dessa alla bara upp ut in över under mellan utan mot blir bli hade kunde ville varit något några andra mer
      många två år där än finns dem själv`
		},
		fi: {
			letters: "äöåšž",
			words: `ja on ei se että hän oli ovat mutta kun myös tai niin kuin joka jos olla minä sinä me te he mitä sen voi hyvin nyt
      vain mukaan jo kanssa ole en et emme sitä tämä tämän nämä ne siitä joita jotka jossa siinä minun sinun hänen heidän
      meidän olen olet olemme olivat ollut voit voivat pitää täytyy mikä miksi miten missä koska sekä vaikka kaikki paljon
      enemmän vielä sitten aina kuitenkin ennen jälkeen ilman kautta hyvä uusi ihmiset elämä`
		},
		et: {
			letters: "äöõüšž",
			words: `ja on ei et see ta oli kui ka oma aga mis siis need kes või nii ning seda selle olen oled olla olid meie teie nende
      minu sinu tema mina sina nad ma sa me te pole ole mida kus kuidas miks sest kuid vaid väga palju rohkem veel juba kõik
      pärast enne ilma koos vahel hea uus aasta inimesed elu saab saan võib peab tuleb nagu kuna seal siin`
		},
		fr: {
			letters: "àâçéèêëîïôûùüÿœæ",
			words: `de la le et les des en un une du que est dans qui pour pas sur au par plus ne se ce il sont avec son sa ses ou mais
      comme on nous vous ils elle elles je tu me te leur leurs cette ces tout tous toute être avoir fait faire peut aussi bien
      même très où quand comment pourquoi sans sous entre après avant deux ans notre votre nos vos mon ma mes ton tes été
      était ont avez avons sommes êtes suis si non oui d l qu c j n s m aux cela car donc ainsi`
		},
		es: {
			letters: "áéíóúñü",
			words: `de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este
      ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han yo hay vez
      puede todos así nos ni parte tiene él uno donde bien tiempo mismo ese ahora cada vida otro después te otros aunque esa
      eso hace otra tan siempre estaba durante nada nuestro nuestra mis tu tus cómo hacer estos usted ellos ella`
		},
		pt: {
			letters: "áâãàçéêíóôõúü",
			words: `de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser
      quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse
      eles estão você tinha foram essa num nem suas meu às minha pelos elas seja qual será nós tenho lhe deles este dele
      tu te vocês nosso nossa são fazer pode podem onde ainda bem todos tudo cada vida tempo anos`
		},
		it: {
			letters: "àèéìíòóù",
			words: `di che e la il un a è per in una sono con non mi si lo ha ma le i da del della come al dei nel più anche se gli
      questo questa quello alla ci o su dal delle ho mio tu ti lui lei noi voi loro essere fatto fare hanno stato era tutto
      tutti quando molto dove perché cosa chi così bene solo ancora dopo prima senza tra fra ogni nella nelle nei l un uno suo
      sua suoi nostro nostra questi queste può possono anni due vita tempo già sempre poi qui cui quindi mentre`
		},
		ca: {
			letters: "àçèéíïòóúü·",
			words: `de la i el que en a un una no per amb les els és es del al més com però o ha seu seva són aquest aquesta ser va van
      també si molt tot tots quan on perquè què fer pot poden entre sense fins des després abans anys dos hi ho li ens us jo
      tu ell ella nosaltres vosaltres ells meu meva nostre nostra aquests això així bé cada vida temps d l n s pel pels dels`
		},
		ro: {
			letters: "ăâîșțşţ",
			words: `de și în a la cu pe nu o un că este mai din pentru se care sunt ce au fost lui prin ca sau dar ai am sa său sale lor
      să fi el ea ei noi voi eu tu mă te îl îi le acest această aceasta acestea după până fără între când unde cum dacă foarte
      toate toți tot mult bine fac face poate pot vor va avea avem ani timp viață doar iar într dintre către oameni`
		},
		pl: {
			letters: "ąćęłńóśźż",
			words: `i w na z do się nie że to jest o jak za od po co ale dla przez czy tak jego są być był była było które który która
      ich już tylko może przed lub bardzo ma ja ty on ona my wy oni mnie mi ci nas was tym tego tej te ten ta jako oraz gdy
      kiedy gdzie dlaczego więc także bez pod nad między wszystko można mogą czas życie lat dwa u ze swoje jeśli aby żeby`
		},
		cs: {
			letters: "áčďéěíňóřšťúůýž",
			words: `a v se na je že o s z do i to k ve pro za by ale si po jako od při jeho jsou které který která nebo už jen tak jak
      jsem jsi jsme jste být byl byla bylo byly má mít může co kdo kdy kde proč protože také velmi více bez před pod nad mezi
      všechno všechny můj moje náš váš jejich tento tato toto ten ta čas život rok dva tě mě ho mu nás vás jim aby když než
      pokud ještě není`
		},
		sk: {
			letters: "áäčďéíĺľňóôŕšťúýž",
			words: `a v sa na je že o s z do i to k vo pre za by ale si po ako od pri jeho sú ktoré ktorý ktorá alebo už len tak som ste
      sme byť bol bola bolo boli má mať môže čo kto kedy kde prečo pretože tiež veľmi viac bez pred pod nad medzi všetko
      všetky môj moja náš váš ich tento táto toto ten tá čas život rok rokov dva ťa ma ho mu nás vás im aby keď než ak ešte`
		},
		sl: {
			letters: "čšž",
			words: `in je v na se da za so z ki ne po pa kot s o od tudi bi ali iz do pri še le če sem si smo ste biti bil bila bilo
      bili ima lahko kaj kdo kdaj kje zakaj ker zelo več brez pred pod nad med vse vsi moj moja naš vaš njihov njegov ta to te
      tega čas življenje leto let dva mi ti ga mu nas vas jih bo bodo ko kako samo`
		},
		hr: {
			letters: "čćđšž",
			words: `i u je na se da za su od s a ne o kao što to će iz po bi ili ali koji koja koje do pri još samo ako sam si smo ste
      biti bio bila bilo bili ima može tko kada gdje zašto jer vrlo više bez prije pod nad između sve svi moj moja naš vaš
      njihov njegov ovaj ova ovo taj ta vrijeme život godine godina dva mi ti ga mu nas vas ih bit kako također nije nisu`
		},
		hu: {
			letters: "áéíóöőúüű",
			words: `a az és hogy nem is egy ez meg azt csak van volt de el már még ki ha mint vagy lesz sem be mert én te ő mi ti ők
      azok ezek nagyon minden így úgy amikor ahol miért hogyan aki ami amely kell lehet tud volna ezt vele neki nekem után
      előtt nélkül között alatt felett több sok jó új két év idő élet emberek fel le ide oda itt ott most majd pedig illetve`
		},
		lt: {
			letters: "ąčęėįšųūž",
			words: `ir yra kad į iš su ne tai kaip bet o jo ji jis aš tu mes jūs jie buvo būti bus ar jau tik dar po prie už nuo iki per
      apie be tarp kas kur kada kodėl nes taip pat labai daug visi viskas mano tavo mūsų jūsų jų savo šis ši šie tas ta gali
      turi reikia metų metai laikas gyvenimas žmonės geras naujas du tačiau kai jei arba todėl`
		},
		lv: {
			letters: "āčēģīķļņšūž",
			words: `un ir ka no uz ar par to ne tas kā bet es tu mēs jūs viņi viņš viņa bija būt būs vai jau tikai vēl pēc pie līdz bez
      starp kas kur kad kāpēc jo arī ļoti daudz visi viss mans tavs mūsu jūsu viņu savu šis šī šie tā var gadu gads laiks
      dzīve cilvēki labs jauns divi tomēr ja lai tad nav`
		},
		sq: {
			letters: "ëç",
			words: `të e në i dhe për me një që nga se është më do ka nuk si u por kjo ky ai ajo ne ju ata unë ti kanë ishte janë jam
      mund duhet çfarë kush kur ku pse sepse shumë vetëm edhe ose pas para pa mes mbi nën gjithë tij saj tyre im ime ynë juaj
      këtë këto ato vit vite kohë jetë njerëz mirë ri dy kështu nëse`
		},
		tr: {
			letters: "çğıöşüâîû",
			words: `ve bir bu da de için ile ne o çok daha gibi olarak ama en kadar sonra ben sen biz siz onlar var yok mı mi mu değil
      olan ki her şey ya veya ise bana sana ona bizim sizin onun benim senin nasıl neden nerede kim hangi önce olduğu olduğunu
      olur oldu edilen göre tüm bütün iyi yeni iki yıl zaman hayat insanlar çünkü ancak ayrıca hem bunu şu böyle`
		},
		id: {
			letters: "é",
			words: `yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada dia mereka kita kami anda bisa
      dapat sudah telah oleh sebagai adalah atau lebih seperti jika kalau apa siapa kapan mana mengapa bagaimana sangat banyak
      semua hanya satu dua tahun orang hari waktu hidup baik baru tetapi namun agar saat setelah sebelum antara tanpa tentang
      bagi para secara harus belum masih lagi`
		},
		tl: {
			letters: "ñ",
			words: `ang ng sa na mga ay at ito ko mo si ni kung para hindi ako ikaw siya kami tayo kayo sila may mayroon wala din rin
      lang pa po ba kay nang sino ano saan kailan bakit paano dahil pero o kaya upang mula hanggang bago pagkatapos lahat
      marami isang isa dalawa taon araw oras buhay tao mabuti bagong iyon namin natin ninyo nila niya kanyang aming ating`
		},
		sw: {
			letters: "",
			words: `na ya wa kwa ni katika la za kuwa cha hii huo huyo hizi hiyo hao yake yangu yako yetu yenu yao wake wangu wako wetu
      wao mimi wewe yeye sisi nyinyi lakini au kama pia sana kila hapa hapo pale ambao ambayo ambaye baada kabla bila kati juu
      chini ndani nje nini nani lini wapi kwanini hata bado tena mtu watu siku mwaka miaka wakati maisha muda nzuri mpya mmoja
      si ana wana una tuna nina ili hivyo basi kutoka hadi mwa vya zake`
		},
		so: {
			letters: "",
			words: `iyo waa oo in ku ka u la ah soo waxaa waxa ay uu aan aad si lagu laga loo leh ma yahay tahay ahaa isku kale mid
      badan dad qof sanad maalin waqti nolol wax sida marka hadii haddii laakiin ama kasta dhan iyaga isaga iyada annaga adiga
      anigu kuwa taas tani kan tan maxaa kuma goorma halkee sababta kadib kahor`
		},
		vi: {
			letters: `ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ`,
			words: `và của là các có được trong cho một những với không này khi để từ người đã đó như về sẽ tôi bạn anh chị em nó họ
      chúng ta mình cũng thì hay hoặc nhưng nếu vì nên phải rất nhiều hơn nhất lại ra vào lên đến đi làm gì ai đâu sao thế nào
      bao ngày năm thời gian cuộc sống tốt mới hai tất cả mọi trên dưới sau trước giữa đang bị bởi tại`
		},
		cy: {
			letters: "âêîôûŵŷáéíóúïö",
			words: `y yn a i o ar yr ac mae ei ond am gan ni fel wedi oedd bod eu sy nid fod hyn hwn hon chi fi ti ef hi nhw fy dy eich
      ein bydd roedd gyda wrth dros heb cyn rhwng beth pwy pryd ble pam sut oherwydd iawn llawer mwy pob holl dim da newydd
      dau blwyddyn amser bywyd pobl hefyd neu os`
		}
	};
}));
// src/evaluate/ifeval/other-words.ts
var CYRILLIC, ARABIC, DEVANAGARI;
var init_other_words = __esmMin((() => {
	CYRILLIC = {
		ru: {
			letters: "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
			words: `и в не на я что он с как это по к но они мы она из за то все так его же от бы вы у о для до да ты меня мне ещё еще
      был была было были её их чтобы если когда или только уже нет может быть есть где кто чем почему очень можно нужно свой
      этот эта эти того после перед без под между также который которые которая во со при года лет время жизнь люди человек`
		},
		uk: {
			letters: "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
			words: `і в не на що з я він як це та до у але ми вона для за так його від ви чи вони є бути був була було були її їх щоб
      якщо коли або тільки вже немає може де хто чому дуже можна потрібно свій цей ця ці того після перед без під між також
      який які яка й при року років час життя люди про ще зі ти мене`
		},
		bg: {
			letters: "абвгдежзийклмнопрстуфхцчшщъьюя",
			words: `на и да се в за е от не с са по че а като си но които или това който този тази тези което може още до при само към
      след той тя те ние вие аз ти го му ги им ни беше били бъде ще няма има как кога къде защо защото много повече без под
      между всички всичко също така дори през година години време живот хора нов ако когато която бъдат ли`
		},
		mk: {
			letters: "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
			words: `на и да се во за е од не со што го ќе ги но како кој која кое кои или ова овој оваа овие тоа може уште до при само
      кон по тој таа тие ние вие јас ти му им беа беше бил нема има кога каде зошто бидејќи многу повеќе без под меѓу сите сè
      исто така година години време живот луѓе нов ако сум си сме`
		}
	};
	ARABIC = {
		ar: {
			letters: "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ",
			words: `في من على إلى أن التي الذي هذا هذه كان ما لا عن مع أو و هو هي كل ذلك بعد قبل بين كما قد لم لن إذا ثم حيث عند أي
      أنا أنت نحن هم كانت يكون تكون غير حتى إن لكن بل فقط جدا يمكن يجب خلال تلك هناك عندما كيف لماذا أين متى الناس الحياة
      الوقت ليس لها له لهم به بها فيها فيه منها`
		},
		fa: {
			letters: "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیيئءأؤآ",
			words: `و در به از که این را با است برای آن یک خود تا بر های ها هم شد می بود دارد ما شما من تو او آنها هر اما یا باید پس
      پیش بین اگر چه چرا کجا چگونه بسیار همه کرد کرده شده شود کند کنند هستند هستم بودند نیست نمی دیگر نیز روی زیر بدون مردم
      زندگی زمان سال ای وقتی زیرا خوب`
		},
		ur: {
			letters: "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہۂۃھءیئےۓآأؤ",
			words: `کے میں کی ہے اور سے کا کو اس ہیں کہ نے پر یہ ایک وہ بھی تھا تھی تھے ہو کر لیے ان جو کیا تو ہم آپ مجھے نہیں گیا
      گئی رہا رہے رہی ہوئے ہوتا ہوتی کسی کچھ سب لیکن یا اگر جب کیوں کہاں کیسے بہت بعد پہلے درمیان بغیر لوگ زندگی وقت سال
      اپنے اپنی اپنا تک ساتھ ہوں کریں`
		}
	};
	DEVANAGARI = {
		hi: {
			letters: "",
			words: `के में की है और से का को हैं यह पर ने कि एक इस वह भी था थी थे हो कर लिए उन जो क्या तो हम आप मैं मुझे नहीं गया
      गई रहा रहे रही हुए होता होती किसी कुछ सब लेकिन या अगर जब क्यों कहाँ कैसे बहुत बाद पहले बीच बिना लोग जीवन समय साल अपने
      अपनी अपना तक साथ हूँ करें करने ये वे उनके उसके इसके द्वारा जा सकते सकता सकती होने`
		},
		mr: {
			letters: "ळ",
			words: `आहे आणि या आहेत ते हे ही तो ती मी आपण आम्ही तुम्ही त्या त्यांच्या त्याच्या च्या मध्ये साठी होते होता होती नाही
      पण किंवा जर तर जेव्हा केव्हा का कसे कुठे काय कोण खूप सर्व एक दोन असे अशा केले केली करून करण्यासाठी होऊ शकते शकतो
      शकता नंतर आधी शिवाय लोक जीवन वेळ वर्ष माझे माझ्या तुमच्या आपल्या आपले त्यांना मला तुला पासून पर्यंत सुद्धा देखील
      म्हणून कारण यांनी येथे असतात असते`
		},
		ne: {
			letters: "",
			words: `छ र हो मा को का की छन् यो त्यो पनि ले लाई बाट गर्न भने हुन् थियो थिए गरेको भएको भयो हुन्छ गर्छ गर्नु एक म तिमी
      तपाईं उनी हामी उनीहरू मेरो तपाईंको हाम्रो उनको यस त्यस तर वा यदि जब किन कसरी कहाँ के धेरै सबै पछि अघि बीच बिना मानिस
      जीवन समय वर्ष आफ्नो आफ्ना सम्म साथ नै अनि गरी गरेर हुने गर्ने छैन हुँदैन सकिन्छ सक्छ छौं छु लागि तथा`
		}
	};
}));
// src/evaluate/ifeval/detect-language.ts
/** Code of the language; undefined where the text has no letters of a script that langdetect knows. */
function detectLanguage(text) {
	const clean = withoutStrayLatin(text.replace(URL$1, " ").replace(MAIL, " ").slice(0, LONGEST).normalize("NFC"));
	const script = scriptOf(clean);
	const language = script === void 0 ? void 0 : SCRIPTS[script];
	return typeof language === "function" ? language(clean) : language;
}
function among(profiles) {
	return (text) => likeliest(text, profiles);
}
/** Latin letters are left out of a text that has more than twice as many others. */
function withoutStrayLatin(text) {
	const latin = countOf(text, /[A-z]/g);
	const others = countOf(text, /[\u0300-\u1dff\u1f00-\u{10ffff}]/gu);
	return latin * 2 < others ? text.replace(/[A-z]/g, "") : text;
}
function scriptOf(text) {
	const counts = new Map(PATTERNS.map(({ script, letters }) => [script, countOf(text, letters)]));
	const kana = counts.get("Kana") ?? 0;
	const han = counts.get("Han") ?? 0;
	counts.set("Kana", kana >= JAPANESE * (kana + han) ? kana + han : 0);
	const [most] = [...counts].sort((a, b) => b[1] - a[1]);
	return most !== void 0 && most[1] > 0 ? most[0] : void 0;
}
function countOf(text, pattern) {
	return text.match(pattern)?.length ?? 0;
}
var LONGEST, URL$1, MAIL, SCRIPTS, SIMPLIFIED, TRADITIONAL, PATTERNS, JAPANESE;
var init_detect_language = __esmMin((() => {
	init_language_scores();
	init_latin_words();
	init_other_words();
	LONGEST = 1e4;
	URL$1 = /https?:\/\/[-_.?&~;+=/#0-9A-Za-z]{1,2076}/g;
	MAIL = /[-_.0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,255}[-_.0-9A-Za-z]{1,255}/g;
	SCRIPTS = {
		Latin: among(profilesOf(LATIN)),
		Cyrillic: among(profilesOf(CYRILLIC)),
		Arabic: among(profilesOf(ARABIC)),
		Devanagari: among(profilesOf(DEVANAGARI)),
		Greek: "el",
		Hebrew: "he",
		Thai: "th",
		Bengali: "bn",
		Gujarati: "gu",
		Gurmukhi: "pa",
		Kannada: "kn",
		Malayalam: "ml",
		Tamil: "ta",
		Telugu: "te",
		Hangul: "ko",
		Kana: "ja",
		Han: (text) => countOf(text, TRADITIONAL) > countOf(text, SIMPLIFIED) ? "zh-tw" : "zh-cn"
	};
	SIMPLIFIED = /[们这国说时为对会来个产业东车见长门问间还过进远学习经应该让请谢爱书电话开关]/g;
	TRADITIONAL = /[們這國說時為對會來個產業東車見長門問間還過進遠學習經應該讓請謝愛書電話開關]/g;
	PATTERNS = Object.keys(SCRIPTS).map((script) => ({
		script,
		letters: new RegExp(script === "Kana" ? "[\\u3041-\\u30ff]" : `\\p{Script=${script}}`, "gu")
	}));
	JAPANESE = .1;
}));
// src/evaluate/ifeval/language.ts
/** Whether a text is in this language; one whose language cannot be told is, as upstream has it. */
function isIn(text, wanted) {
	return (detectLanguage(text) ?? wanted) === wanted;
}
var language;
var init_language = __esmMin((() => {
	init_detect_language();
	init_kwargs();
	language = { response_language: (kwargs) => {
		const wanted = textOf$3(kwargs, "language");
		return (reply) => isIn(reply, wanted);
	} };
}));
// src/evaluate/ifeval/punkt-facts.ts
/**
* What the English model of Punkt, which upstream counts sentences with, knows of words before and after a period. These
* are the words whose presence changes where it breaks; its table of capitalised words is not here (see `sentences.ts`).
*/
function wordsOf$2(text) {
	return text.split(/\s+/).filter((word) => word !== "");
}
var TITLES, FIRMS, MONTHS, DAYS, STATES, PLACES$1, OTHERS, LETTERS, INITIALS, ABBREVIATIONS, STARTERS, AFTER_NUMBER, AFTER_INITIAL;
var init_punkt_facts = __esmMin((() => {
	TITLES = wordsOf$2("mr mrs ms dr prof gen lt col maj adm sen rep reps messrs jr sr st");
	FIRMS = wordsOf$2("co cos corp inc ltd bros cie s.a s.p.a n.v b.v");
	MONTHS = wordsOf$2("jan feb aug sep sept oct nov dec");
	DAYS = wordsOf$2("tues wed fri");
	STATES = wordsOf$2(`ala ariz calif colo conn fla ga ill kan ky mich minn nev okla ore pa tenn va vt w.va wash wis
  n.c n.d n.h n.j n.m n.y r.i s.c d.c`);
	PLACES$1 = wordsOf$2("ave l.a u.k u.n u.s u.s.a u.s.s.r");
	OTHERS = wordsOf$2(`a.d a.m p.m p.a.m ph.d m.b.a chg ct ft mg ok sw vs yr a.m.e c.i.t c.o.m.b i.m.s m.d.c
  s.a.y`);
	LETTERS = wordsOf$2("c d e f g h k l m n p r s t v w");
	INITIALS = wordsOf$2(`a.a a.c a.g a.h a.s a.t b.f c.v d.h d.w e.f e.h e.l e.m f.g f.j g.d g.f g.k h.c h.f h.m j.b j.c
  j.j j.k j.p j.r l.f l.p m.j r.a r.h r.j r.k r.t s.g s.s t.j w.c w.r w.w`);
	ABBREVIATIONS = /* @__PURE__ */ new Set([
		...TITLES,
		...FIRMS,
		...MONTHS,
		...DAYS,
		...STATES,
		...PLACES$1,
		...OTHERS,
		...LETTERS,
		...INITIALS
	]);
	STARTERS = new Set(wordsOf$2(`according although among both but despite even he however i if in indeed instead it many meanwhile moreover most
  nevertheless nonetheless nor sales separately similarly since so some the there these they this though thus under when
  while yet`));
	AFTER_NUMBER = new Set(wordsOf$2(`abreast aes business cbot colgate commodities cooper corrections credit dividend financing genentech henley
  insider international leisure letters notable pay-fone pegasus pepper review rj wedgestone who zimmer`));
	AFTER_INITIAL = {
		b: [
			"edelman",
			"levine",
			"smith",
			"stewart",
			"wigton"
		],
		i: ["magnin", "toussie"],
		j: [
			"aron",
			"fialka",
			"walter"
		],
		o: ["ludcke"]
	};
}));
// src/evaluate/ifeval/sentences.ts
/** The sentences of a text, without the space between them. */
function sentences(text) {
	return [...realigned(text, pieces(text))].map(([start, end]) => text.slice(start, end));
}
/** Stretches of the text, cut behind every end of a sentence. */
function* pieces(text) {
	const chunks = [...text.matchAll(CHUNK)].map(({ 0: chunk, index }) => ({
		chunk,
		index
	}));
	let start = 0;
	for (const [i, { chunk, index }] of chunks.entries()) {
		const next = chunks[i + 1];
		const end = lastEnd(chunk, next !== void 0);
		if (end === void 0) continue;
		const isInside = end < chunk.length;
		if (!hasBreak(isInside ? chunk.slice(0, end + 1) : text.slice(index, next.index + next.chunk.length))) continue;
		yield [start, index + end];
		start = isInside ? index + end : next.index;
	}
	yield [start, text.length];
}
/** Position behind the last `.`, `?` or `!` of a chunk that may end a sentence; undefined where there is none. */
function lastEnd(chunk, hasNext) {
	for (let end = chunk.length; end > 0; end--) {
		if (!/[.?!]/.test(chunk[end - 1])) continue;
		if (end === chunk.length ? hasNext : CLOSES_WORD.test(chunk[end])) return end;
	}
}
/** Gives closing quotes and brackets at the start of a piece to the one before. */
function* realigned(text, spans) {
	let previous;
	for (const span of spans) {
		const closing = previous && CLOSING$1.exec(text.slice(...span))?.[0];
		if (previous && closing !== void 0) yield [previous[0], span[0] + strip(closing).length];
		else if (previous && previous[0] < previous[1]) yield previous;
		previous = [span[0] + (closing?.length ?? 0), span[1]];
	}
	if (previous && previous[0] < previous[1]) yield previous;
}
/** Whether a sentence ends in this text, before its last token. */
function hasBreak(context) {
	const tokens = context.split("\n").flatMap((line) => tokensOf$1(line).map(asToken));
	return tokens.some((token, i) => {
		const next = tokens[i + 1];
		return next !== void 0 && breaksBefore(token, next);
	});
}
function tokensOf$1(line) {
	return line.match(TOKEN$1) ?? [];
}
function asToken(text) {
	const type = text.toLowerCase().replace(/^-?[.,]?\p{Nd}[\p{Nd},.-]*\.?$/u, NUMBER);
	const isPlainPeriod = text.endsWith(".") && !text.endsWith("..") && text !== ".";
	const word = text.slice(0, -1).toLowerCase();
	const isAbbreviation = isPlainPeriod && (ABBREVIATIONS.has(word) || ABBREVIATIONS.has(word.split("-").at(-1)));
	const isBreak = /^[.?!]$/.test(text) || isPlainPeriod && !isAbbreviation;
	return {
		text,
		type: isBreak && type.length > 1 ? type.replace(/\.$/, "") : type,
		isInitial: /^[\p{L}\p{Nl}\p{No}_]\.$/u.test(text),
		isShortened: isAbbreviation || /^\.{2,}$/.test(text),
		isBreak
	};
}
/** A second look at a token that ends with a period, by the one that follows. */
function breaksBefore(token, next) {
	if (!token.text.endsWith(".")) return token.isBreak;
	const type = token.type.replace(/(?<=.)\.$/u, "");
	const [first = ""] = next.text;
	if (isOneName(type, next.type)) return false;
	if (token.isShortened && !token.isInitial) return isUpper(first) && STARTERS.has(next.type);
	if (!token.isInitial && type !== NUMBER) return token.isBreak;
	if (/^[;:,.!?]$/.test(next.text) || isLower(first)) return false;
	const isName = token.isInitial && isUpper(first) && !STARTERS.has(next.type) && !COMMON.has(next.type);
	return token.isBreak && !isName;
}
function isOneName(type, next) {
	if (type === NUMBER) return AFTER_NUMBER.has(next);
	return Object.hasOwn(AFTER_INITIAL, type) && AFTER_INITIAL[type].includes(next);
}
var CHUNK, CLOSES_WORD, CLOSING$1, DOTS_OR_DASHES, TOKEN$1, NUMBER, COMMON;
var init_sentences = __esmMin((() => {
	init_punkt_facts();
	init_python_text();
	CHUNK = new RegExp(`${NOT_SPACE}+`, "gu");
	CLOSES_WORD = /[?!)";}\]*:@'({[]/;
	CLOSING$1 = new RegExp(String.raw`^["')\]}]+?(?:${SPACE}+|(?=--)|(?=\n)|$)`, "u");
	DOTS_OR_DASHES = String.raw`(?:-{2,}|\.{2,}|(?:\.${SPACE}){2,}\.)`;
	TOKEN$1 = new RegExp(String.raw`${DOTS_OR_DASHES}|(?=[^("\x60{[:;&#*@)}\]\-,])${NOT_SPACE}+?` + String.raw`(?=,?(?:${SPACE}|$|${CLOSES_WORD.source}|${DOTS_OR_DASHES}))|${NOT_SPACE}`, "gu");
	NUMBER = "##number##";
	COMMON = new Set(`a all also an and another any are as at be because before by can do each every few find first for from get give go has
  have her here his how its let like look make more my never new no not now of on once one only or other our out please
  she should take that their then to try two use was we what where which who why will with without you your`.split(/\s+/));
}));
// src/evaluate/ifeval/word-tokens.ts
/** The tokens of a text, in order; double quotes come out as two back-ticks or two apostrophes. */
function wordTokens(text) {
	return sentences(text).flatMap((sentence) => {
		return splitSpaces(replaceAll(` ${replaceAll(sentence, [...OPENING, ...PUNCTUATION])} `, [...CLOSING, ...CONTRACTIONS]));
	});
}
function replaceAll(text, steps) {
	return steps.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), text);
}
var OPENING, PUNCTUATION, CLOSING, JOINED, CONTRACTIONS;
var init_word_tokens = __esmMin((() => {
	init_python_text();
	init_sentences();
	OPENING = [
		[/[«“‘„]|`+/gu, " $& "],
		[/^"/u, "``"],
		[/``/gu, " $& "],
		[/([ ([{<])(?:"|'')/gu, "$1 `` "],
		[new RegExp(`(?<!${WORD$1})'(?!(?:re|ve|ll|m|t|s|d|n)${BOUNDARY})(?=${WORD$1})`, "giu"), "$& "]
	];
	PUNCTUATION = [
		[/([^.])\.([\])}>"'»”’ ]*)\s*$/u, "$1 . $2 "],
		[/([:,])(\P{Nd})/gu, " $1 $2"],
		[/[:,]$/u, " $& "],
		[/\.{2,}/gu, " $& "],
		[/[;@#$%&]/gu, " $& "],
		[/[\u2012-\u2015]/gu, " $& "],
		[/([^.])\.([\])}>"']*)\s*$/u, "$1 .$2 "],
		[/[?!]/gu, " $& "],
		[/([^'])' /gu, "$1 ' "],
		[/\*/gu, " $& "],
		[/[\][(){}<>]/gu, " $& "],
		[/--/gu, " -- "]
	];
	CLOSING = [
		[/[»”’]/gu, " $& "],
		[/''/gu, " '' "],
		[/"/gu, " '' "],
		[/\s+/gu, " "],
		[/([^' ])('[sSmMdD]|') /gu, "$1 $2 "],
		[/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /gu, "$1 $2 "]
	];
	JOINED = [
		"(can)(not)",
		"(d)('ye)",
		"(gim)(me)",
		"(gon)(na)",
		"(got)(ta)",
		"(lem)(me)",
		"(more)('n)"
	];
	CONTRACTIONS = [
		...JOINED.map((pair) => [new RegExp(BOUNDARY + pair + BOUNDARY, "giu"), " $1 $2 "]),
		[new RegExp(String.raw`${BOUNDARY}(wan)(na)(?=\s)`, "giu"), " $1 $2 "],
		[new RegExp(` ('t)(is)${BOUNDARY}`, "giu"), " $1 $2 "],
		[new RegExp(` ('t)(was)${BOUNDARY}`, "giu"), " $1 $2 "]
	];
}));
// src/evaluate/ifeval/change-case.ts
var changeCase;
var init_change_case = __esmMin((() => {
	init_kwargs();
	init_language();
	init_python_text();
	init_word_tokens();
	changeCase = {
		/** A hyphenated word is one; `I` and `A` are words in capitals. */
		capital_word_frequency: (kwargs) => {
			const isRight = comparisonOf(kwargs, "capital_relation", "capital_frequency");
			return (reply) => isRight(wordTokens(reply).filter(isUpper).length);
		},
		english_capital: () => (reply) => isUpper(reply) && isIn(reply, "en"),
		english_lowercase: () => (reply) => isLower(reply) && isIn(reply, "en")
	};
}));
// src/evaluate/ifeval/combination.ts
var combination;
var init_combination = __esmMin((() => {
	init_kwargs();
	init_python_text();
	combination = {
		/** Two replies that differ, with `******` between; it may also stand before the first and after the second. */
		two_responses: () => (reply) => {
			const pieces = reply.split("******").map((piece) => strip(piece));
			if (pieces.slice(1, -1).includes("")) return false;
			const [first, second, ...more] = pieces.filter((piece) => piece !== "");
			return second !== void 0 && more.length === 0 && first !== second;
		},
		repeat_prompt: (kwargs) => {
			const prompt = textOf$3(kwargs, "prompt_to_repeat").toLowerCase();
			return (reply) => strip(reply).toLowerCase().startsWith(prompt);
		}
	};
}));
// src/evaluate/ifeval/detectable-content.ts
var MARKERS, detectableContent;
var init_detectable_content = __esmMin((() => {
	init_kwargs();
	init_python_text();
	MARKERS = {
		"P.S.": String.raw`p\.${SPACE}?s\.`,
		"P.P.S": String.raw`p\.${SPACE}?p\.${SPACE}?s`
	};
	detectableContent = {
		/** At least so many `[…]`, each in one line. */
		number_placeholders: (kwargs) => {
			const wanted = numberOf$1(kwargs, "num_placeholders");
			return (reply) => count$1(reply, /\[[^\n]*?\]/g) >= wanted;
		},
		/** The marker is anywhere, in any case. */
		postscript: (kwargs) => {
			const marker = textOf$3(kwargs, "postscript_marker");
			const pattern = new RegExp(MARKERS[marker] ?? literal(marker.toLowerCase()), "u");
			return (reply) => pattern.test(reply.toLowerCase());
		}
	};
}));
// src/evaluate/ifeval/detectable-format.ts
/** `*…*` and `**…**` within a line that are not blank. */
function countHighlights(reply) {
	const single = reply.match(/\*[^\n*]*\*/g) ?? [];
	const double = reply.match(/\*\*[^\n*]*\*\*/g) ?? [];
	return [...single, ...double].filter((found) => strip(stripCharacter(found, "*")) !== "").length;
}
function withoutFence(reply) {
	let text = strip(reply);
	for (const fence of FENCES) if (text.startsWith(fence)) text = text.slice(fence.length);
	return strip(text.endsWith("```") ? text.slice(0, -3) : text);
}
/** Whether Python's `json.loads` reads it: `NaN` and the two infinities are numbers there. */
function isJson(text) {
	const plain = text.replace(/"(?:[^"\\]|\\[^])*"|NaN|-?Infinity/g, (part) => part.startsWith("\"") ? part : "null");
	try {
		JSON.parse(plain);
		return true;
	} catch {
		return false;
	}
}
var STAR_BULLET, DASH_BULLET, ANSWERS, detectableFormat, FENCES;
var init_detectable_format = __esmMin((() => {
	init_kwargs();
	init_python_text();
	STAR_BULLET = new RegExp(String.raw`(?<![^\n])${SPACE}*\*[^*][^\n]*`, "gu");
	DASH_BULLET = new RegExp(String.raw`(?<![^\n])${SPACE}*-[^\n]*`, "gu");
	ANSWERS = [
		"My answer is yes.",
		"My answer is no.",
		"My answer is maybe."
	];
	detectableFormat = {
		/** Exactly so many lines that begin with `*` (and no second one) or with `-`. */
		number_bullet_lists: (kwargs) => {
			const wanted = numberOf$1(kwargs, "num_bullets");
			return (reply) => count$1(reply, STAR_BULLET) + count$1(reply, DASH_BULLET) === wanted;
		},
		constrained_response: () => (reply) => ANSWERS.some((answer) => reply.includes(answer)),
		number_highlighted_sections: (kwargs) => {
			const wanted = numberOf$1(kwargs, "num_highlights");
			return (reply) => countHighlights(reply) >= wanted;
		},
		/** At least so many headings: the splitter and a number. */
		multiple_sections: (kwargs) => {
			const splitter = literal(textOf$3(kwargs, "section_spliter"));
			const heading = new RegExp(String.raw`${SPACE}?${splitter}${SPACE}?\p{Nd}+${SPACE}?`, "gu");
			const wanted = numberOf$1(kwargs, "num_sections");
			return (reply) => count$1(reply, heading) >= wanted;
		},
		json_format: () => (reply) => isJson(withoutFence(reply)),
		/** A line has `<<…>>` with something between. */
		title: () => (reply) => (reply.match(/<<[^\n]+>>/g) ?? []).some((title) => strip(title.replace(/^<+|>+$/g, "")) !== "")
	};
	FENCES = [
		"```json",
		"```Json",
		"```JSON",
		"```"
	];
}));
// src/evaluate/ifeval/keywords.ts
function ignoringCase(pattern) {
	return new RegExp(pattern, "giu");
}
/** Python takes the two i of Turkish for an i where case is ignored; JavaScript does not. */
function withLatinI(text) {
	return text.replace(/[İı]/g, "i");
}
var keywords;
var init_keywords = __esmMin((() => {
	init_kwargs();
	init_python_text();
	keywords = {
		existence: (kwargs) => {
			const wanted = textsOf$1(kwargs, "keywords").map((word) => ignoringCase(literal(word)));
			return (reply) => wanted.every((word) => count$1(withLatinI(reply), word) > 0);
		},
		frequency: (kwargs) => {
			const word = ignoringCase(literal(textOf$3(kwargs, "keyword")));
			const isRight = comparisonOf(kwargs, "relation", "frequency");
			return (reply) => isRight(count$1(withLatinI(reply), word));
		},
		forbidden_words: (kwargs) => {
			const forbidden = textsOf$1(kwargs, "forbidden_words").map((word) => ignoringCase(BOUNDARY + literal(word) + BOUNDARY));
			return (reply) => forbidden.every((word) => count$1(withLatinI(reply), word) === 0);
		},
		letter_frequency: (kwargs) => {
			const letter = textOf$3(kwargs, "letter").toLowerCase();
			const isRight = comparisonOf(kwargs, "let_relation", "let_frequency");
			return (reply) => isRight(reply.toLowerCase().split(letter).length - 1);
		}
	};
}));
// src/evaluate/ifeval/length.ts
function hasFirstWord(reply, { paragraphs, nth, word }) {
	const all = reply.split("\n\n").map((paragraph) => strip(paragraph));
	const written = all.filter((paragraph) => paragraph !== "").length;
	if (nth > written) return false;
	const [first] = splitSpaces(all[nth - 1] ?? "");
	if (first === void 0) return false;
	const [start = ""] = first.replace(/^'+/, "").replace(/^"+/, "").split(/[.,?!'"]/);
	return written === paragraphs && start.toLowerCase() === word;
}
var DIVIDER, length;
var init_length = __esmMin((() => {
	init_kwargs();
	init_python_text();
	init_sentences();
	DIVIDER = new RegExp(String.raw`${SPACE}?\*\*\*${SPACE}?`, "u");
	length = {
		number_words: (kwargs) => {
			const isRight = comparisonOf(kwargs, "relation", "num_words");
			return (reply) => isRight(words$1(reply).length);
		},
		number_sentences: (kwargs) => {
			const isRight = comparisonOf(kwargs, "relation", "num_sentences");
			return (reply) => isRight(sentences(reply).length);
		},
		/** Exactly so many paragraphs between `***`; only the first and the last piece may be blank. */
		number_paragraphs: (kwargs) => {
			const wanted = numberOf$1(kwargs, "num_paragraphs");
			return (reply) => {
				const pieces = reply.split(DIVIDER).map((piece) => strip(piece));
				if (pieces.slice(1, -1).includes("")) return false;
				return pieces.filter((piece) => piece !== "").length === wanted;
			};
		},
		nth_paragraph_first_word: (kwargs) => {
			const asked = {
				paragraphs: numberOf$1(kwargs, "num_paragraphs"),
				nth: numberOf$1(kwargs, "nth_paragraph"),
				word: textOf$3(kwargs, "first_word").toLowerCase()
			};
			return (reply) => hasFirstWord(reply, asked);
		}
	};
}));
// src/evaluate/ifeval/punctuation.ts
var punctuation;
var init_punctuation = __esmMin((() => {
	punctuation = { 
	/** The comma of other scripts (`，`, `،`) is none. */
no_comma: () => (reply) => !reply.includes(",") };
}));
// src/evaluate/ifeval/start-end.ts
var startEnd;
var init_start_end = __esmMin((() => {
	init_kwargs();
	init_python_text();
	startEnd = {
		/** Ends with the phrase, in any case; quotation marks around the reply do not count. */
		end_checker: (kwargs) => {
			const phrase = textOf$3(kwargs, "end_phrase").toLowerCase();
			return (reply) => stripCharacter(strip(reply), "\"").toLowerCase().endsWith(phrase);
		},
		quotation: () => (reply) => {
			const text = strip(reply);
			return text.length > 1 && text.startsWith("\"") && text.endsWith("\"");
		}
	};
}));
// src/evaluate/ifeval/instructions.ts
/**
* The instructions of a row of IFEval: an object with `key`, `instruction_id_list` and `kwargs`, or its JSON text. Throws
* DSET-DATA-002 naming the row for any other, for an unknown id and for kwargs that lack what the check needs.
*/
function instructionsOf(gold) {
	const { key, instruction_id_list: ids, kwargs } = recordOf(typeof gold === "string" ? parsed$1(gold) : gold);
	const row = `IFEval, key ${String(key)}`;
	if (!Array.isArray(ids) || !Array.isArray(kwargs) || ids.length === 0 || ids.length !== kwargs.length) throw badInstruction(row, "'instruction_id_list' and 'kwargs' are not two lists of the same length");
	return ids.map((id, i) => instructionOf(String(id), recordOf(kwargs[i]), `${row}, ${String(id)}`));
}
function instructionOf(id, values, where) {
	const [family = "", type = ""] = id.split(":");
	const types = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : void 0;
	const make = types !== void 0 && Object.hasOwn(types, type) ? types[type] : void 0;
	if (make === void 0) throw badInstruction(where, "there is no such instruction type");
	return {
		id,
		isFollowed: make({
			values,
			where
		})
	};
}
function recordOf(value) {
	return typeof value === "object" && value !== null ? value : {};
}
function parsed$1(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
var FAMILIES;
var init_instructions = __esmMin((() => {
	init_change_case();
	init_combination();
	init_detectable_content();
	init_detectable_format();
	init_keywords();
	init_kwargs();
	init_language();
	init_length();
	init_punctuation();
	init_start_end();
	FAMILIES = {
		keywords,
		language,
		length_constraints: length,
		detectable_content: detectableContent,
		detectable_format: detectableFormat,
		combination,
		startend: startEnd,
		change_case: changeCase,
		punctuation
	};
}));
// src/evaluate/evaluators/ifeval.ts
var ifeval_exports = /* @__PURE__ */ __exportAll({ ifEvaluator: () => ifEvaluator });
/** Space around a reply counts (a blank first line is a paragraph), and only the default extractor took it away. */
function replyOf({ answer, text }) {
	return answer === text.trim() ? text : answer;
}
function gradeOf(followed) {
	const n = followed.length;
	const strict = followed.filter((one) => one.strict).length;
	const loose = followed.filter((one) => one.loose).length;
	return {
		credit: strict === n ? 1 : 0,
		...strict === n ? {} : { explanation: explain(followed) },
		parts: {
			"Inst-level-strict-accuracy": [strict, n],
			"Prompt-level-loose-accuracy": [loose === n ? 1 : 0, 1],
			"Inst-level-loose-accuracy": [loose, n]
		}
	};
}
function explain(followed) {
	return `not followed: ${followed.filter(({ strict }) => !strict).map(({ id, loose }) => loose ? `${id} (loosely it is)` : id).join(", ")}`;
}
var ifEvaluator;
var init_ifeval = __esmMin((() => {
	init_follow();
	init_instructions();
	ifEvaluator = {
		name: "IFEvaluator",
		metric: "Prompt-level-strict-accuracy",
		grade: (sample) => gradeOf(follow(replyOf(sample), instructionsOf(sample.gold)))
	};
}));
// src/evaluate/evaluators/acc-with-details.ts
var acc_with_details_exports = /* @__PURE__ */ __exportAll({ accWithDetailsEvaluator: () => accWithDetailsEvaluator });
var accWithDetailsEvaluator;
var init_acc_with_details = __esmMin((() => {
	accWithDetailsEvaluator = {
		name: "AccwithDetailsEvaluator",
		grade: ({ answer, reference, gold, rules }) => {
			const isOfAnotherType = typeof gold !== "string" && reference === JSON.stringify(gold);
			return { credit: (rules === "fixed" || !isOfAnotherType) && answer === reference ? 1 : 0 };
		}
	};
}));
// src/evaluate/choice/edit-distance.ts
/**
* Levenshtein's distance: how many characters have to be put in, taken out or exchanged to make one text of the other. Counts
* code points, as Python does.
*/
function editDistance(a, b) {
	const [shorter, longer] = [[...a], [...b]].sort((x, y) => x.length - y.length);
	let end = shorter.length;
	let endOfLonger = longer.length;
	while (end > 0 && shorter[end - 1] === longer[endOfLonger - 1]) {
		end--;
		endOfLonger--;
	}
	let start = 0;
	while (start < end && shorter[start] === longer[start]) start++;
	return distanceOf(shorter.slice(start, end), longer.slice(start, endOfLonger));
}
function distanceOf(shorter, longer) {
	const costs = Uint32Array.from({ length: shorter.length + 1 }, (_, i) => i);
	for (const [row, char] of longer.entries()) {
		let diagonal = costs[0];
		costs[0] = row + 1;
		for (let i = 0; i < shorter.length; i++) {
			const above = costs[i + 1];
			const exchanged = diagonal + (shorter[i] === char ? 0 : 1);
			costs[i + 1] = Math.min(exchanged, above + 1, costs[i] + 1);
			diagonal = above;
		}
	}
	return costs[shorter.length];
}
var init_edit_distance = __esmMin((() => {}));
// src/evaluate/evaluators/ed-acc.ts
var ed_acc_exports = /* @__PURE__ */ __exportAll({ edAccEvaluator: () => edAccEvaluator });
/** The first with the least distance, as numpy's argmin. */
function nearest$1(text, candidates) {
	const distances = candidates.map((texts) => Math.min(...texts.map((one) => editDistance(text, one))));
	return distances.indexOf(Math.min(...distances));
}
function namedIn(text, candidates) {
	const loose = looseText(text);
	const forms = candidates.map((texts) => texts.map(looseText).filter((form) => form !== ""));
	const equal = forms.findIndex((texts) => texts.includes(loose));
	if (equal !== -1) return equal;
	const contained = forms.flatMap((texts, i) => texts.some((form) => loose.includes(form)) ? [i] : []);
	return contained.length === 1 ? contained[0] : void 0;
}
function readGold$1(gold) {
	const { candidates, label } = gold ?? {};
	const isText = (one) => typeof one === "string";
	const isCandidate = (one) => isText(one) || Array.isArray(one) && one.length > 0 && one.every(isText);
	if (Array.isArray(candidates) && candidates.length > 0 && candidates.every(isCandidate) && typeof label === "number") return {
		candidates: candidates.map((one) => [one].flat()),
		label
	};
	throw new AisBenchError("RUN-DATA-001", "the reference is not of the form {candidates: [texts], label: number}", {
		where: `EDAccEvaluator: ${String(JSON.stringify(gold)).slice(0, 200)}`,
		cure: "use a dataset class that makes such references, or AccEvaluator"
	});
}
var edAccEvaluator;
var init_ed_acc = __esmMin((() => {
	init_errors$1();
	init_edit_distance();
	init_whole_answer();
	edAccEvaluator = {
		name: "EDAccEvaluator",
		grade: (sample) => {
			const { candidates, label } = readGold$1(sample.gold);
			const text = predictionOf(sample);
			const found = (sample.rules === "fixed" ? namedIn(text, candidates) : void 0) ?? nearest$1(text, candidates);
			return {
				credit: found === label ? 1 : 0,
				explanation: `read as candidate ${found}`
			};
		}
	};
}));
// src/evaluate/evaluators/option-sim.ts
var option_sim_exports = /* @__PURE__ */ __exportAll({ optionSimAccEvaluator: () => optionSimAccEvaluator });
function readGold({ gold, reference }) {
	const { answer, options } = gold ?? {};
	if (typeof options !== "object" || options === null) return {
		answer: reference,
		options: {}
	};
	const texts = Object.entries(options).map(([letter, text]) => [letter, text === null ? null : String(text)]);
	return {
		answer: String(answer ?? ""),
		options: Object.fromEntries(texts)
	};
}
/** A file may say which option is right by its text. */
function letterOf(answer, options) {
	const given = pythonStrip(answer);
	if (Object.hasOwn(options, given)) return given;
	const same = textsIn$1(options).filter(([, text]) => looseText(text) === looseText(given));
	return same.length === 1 ? same[0][0] : /^[("]?([A-Z])[).:"]?$/.exec(given)?.[1] ?? given;
}
function textsIn$1(options) {
	return Object.entries(options).filter((one) => one[1] !== null);
}
/** AISBench's four steps. An option without text is contained in every reply. */
function compatReader(letters) {
	const phrases = firstOption(letters, { cushion: false });
	return (text, options) => {
		const reply = pythonStrip(text);
		if (reply.length === 1 && letters.includes(reply)) return {
			letter: reply,
			rule: "letter"
		};
		const said = phrases(reply);
		if (said !== void 0) return {
			letter: said.answer,
			rule: said.rule
		};
		const texts = textsIn$1(options).filter(([letter]) => letters.includes(letter));
		const lower = reply.toLowerCase();
		const contained = texts.filter(([, option]) => lower.includes(option.toLowerCase()));
		if (contained.length === 1) return {
			letter: contained[0][0],
			rule: "option-text"
		};
		return nearest(reply, texts);
	};
}
/** Of equal distances the first letter of the alphabet. */
function nearest(reply, texts) {
	const [best] = texts.map(([letter, text]) => {
		const forms = [
			letter,
			text,
			`${letter}. ${text}`
		];
		return {
			letter,
			distance: Math.min(...forms.map((form) => editDistance(reply, form)))
		};
	}).sort((a, b) => a.distance - b.distance || (a.letter < b.letter ? -1 : 1));
	return best && {
		letter: best.letter,
		rule: "nearest"
	};
}
/**
* The reply is an option's text; or it states a letter; or one option's text alone is in it, or alone in its last line; or one
* letter alone is mentioned; or it is an option's text but for a few characters.
*/
function fixedReader(letters) {
	const { stated, mentioned } = choiceReaders(letters);
	return (text, options) => {
		const reply = looseText(text);
		const texts = textsIn$1(options).filter(([letter]) => letters.includes(letter)).map(([letter, option]) => [letter, looseText(option)]).filter(([, option]) => option !== "");
		const equal = texts.filter(([, option]) => option === reply);
		if (equal.length === 1) return {
			letter: equal[0][0],
			rule: "option-text"
		};
		const said = stated(text);
		if (said !== void 0) return {
			letter: said.answer,
			rule: said.rule
		};
		const named = onlyNamed(reply, texts) ?? onlyNamed(looseText(text.trimEnd().split("\n").at(-1) ?? ""), texts);
		if (named !== void 0) return {
			letter: named,
			rule: "option-text"
		};
		const letter = mentioned(text);
		return letter === void 0 ? almost(reply, texts) : {
			letter: letter.answer,
			rule: letter.rule
		};
	};
}
/** The only option whose text is in a reply in whole words; one that is part of another that is there does not count. */
function onlyNamed(reply, texts) {
	const there = texts.filter(([, option]) => hasWords(reply, option));
	const longest = there.filter(([, option]) => !there.some(([, other]) => other !== option && hasWords(other, option)));
	return longest.length === 1 ? longest[0][0] : void 0;
}
function hasWords(text, words) {
	for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
		const around = [text.slice(Math.max(0, at - 2), at), text.slice(at + words.length, at + words.length + 2)];
		if (!(isWordAtEnd(around[0], words) || isWordAtStart(around[1], words))) return true;
	}
	return false;
}
function isWordAtEnd(before, words) {
	return ENDS_AS_WORD.test(before) && BEGINS_AS_WORD.test(words);
}
function isWordAtStart(behind, words) {
	return BEGINS_AS_WORD.test(behind) && ENDS_AS_WORD.test(words);
}
/** A slip of the pen: at most a fifth of an option's characters differ, and of no other's. */
function almost(reply, texts) {
	const close = texts.filter(([, option]) => {
		const most = Math.floor([...option].length / 5);
		return Math.abs(reply.length - option.length) <= 2 * most && editDistance(reply, option) <= most;
	});
	return close.length === 1 ? {
		letter: close[0][0],
		rule: "nearest"
	} : void 0;
}
var optionSimAccEvaluator, ENDS_AS_WORD, BEGINS_AS_WORD;
var init_option_sim = __esmMin((() => {
	init_config_keys();
	init_edit_distance();
	init_first_option();
	init_read_choice();
	init_whole_answer();
	init_python_text$1();
	optionSimAccEvaluator = (keys) => {
		onlyKeys(keys, "evaluator", ["options"]);
		const own = keys["options"] === void 0 ? void 0 : lettersIn$1(keys, "evaluator");
		const readers = /* @__PURE__ */ new Map();
		const readersOf = (letters) => {
			const known = readers.get(letters) ?? {
				compat: compatReader(letters),
				fixed: fixedReader(letters)
			};
			readers.set(letters, known);
			return known;
		};
		return {
			name: "OptionSimAccEvaluator",
			grade: (sample) => {
				const { answer, options } = readGold(sample);
				const letters = own ?? Object.keys(options).join("");
				const found = letters === "" ? void 0 : readersOf(letters)[sample.rules](predictionOf(sample), options);
				if (found === void 0) return {
					credit: 0,
					explanation: "no option found in the answer"
				};
				const right = sample.rules === "compat" ? answer : letterOf(answer, options);
				return {
					credit: found.letter === right ? 1 : 0,
					explanation: `read as ${found.letter} (${found.rule})`
				};
			}
		};
	};
	ENDS_AS_WORD = /(?!\p{Script=Han})[\p{L}\p{N}]$/u;
	BEGINS_AS_WORD = /^(?!\p{Script=Han})[\p{L}\p{N}]/u;
}));
// src/evaluate/evaluators/mmlu-pro.ts
var mmlu_pro_exports = /* @__PURE__ */ __exportAll({ mmluProBaseEvaluator: () => mmluProBaseEvaluator });
function gradeCompat(prediction, reference) {
	const answer = pythonStrip(prediction.split("\n", 1)[0] ?? "");
	const parts = reference.split(". ");
	if (parts.length !== 2) return {
		credit: 0,
		explanation: "AISBench cannot read the reference"
	};
	const [letter = "", option = ""] = parts;
	return { credit: answer.length === 1 && CHOICES.includes(answer) && letter === answer || pythonStrip(option) === answer ? 1 : 0 };
}
function gradeFixed(answer, reference) {
	const dot = reference.indexOf(". ");
	const letter = pythonStrip(dot === -1 ? reference : reference.slice(0, dot));
	const option = dot === -1 ? "" : looseText(reference.slice(dot + 2));
	if (option !== "" && looseText(answer) === option) return {
		credit: 1,
		explanation: "the text of the option"
	};
	const found = readLetter(answer);
	if (found === void 0) return {
		credit: 0,
		explanation: "no option found in the answer"
	};
	return {
		credit: found.answer === letter ? 1 : 0,
		explanation: `read as ${found.answer} (${found.rule})`
	};
}
var CHOICES, readLetter, mmluProBaseEvaluator;
var init_mmlu_pro = __esmMin((() => {
	init_read_choice();
	init_whole_answer();
	init_python_text$1();
	CHOICES = "ABCDEFGHIJKLMNOP";
	readLetter = choiceReader(CHOICES);
	mmluProBaseEvaluator = {
		name: "MMLUProBaseEvaluator",
		grade: (sample) => {
			const { reference, rules } = sample;
			return rules === "compat" ? gradeCompat(predictionOf(sample), reference) : gradeFixed(sample.answer, reference);
		}
	};
}));
// src/evaluate/evaluators/agieval.ts
var agieval_exports = /* @__PURE__ */ __exportAll({
	agievalEvaluator: () => agievalEvaluator,
	mathAnswer: () => mathAnswer
});
/** What AGIEval takes for the answer: the last box, else what stands between dollars, behind `=`, or the last number. */
function mathAnswer(reply) {
	let text = reply;
	for (const cue of CUES) {
		const at = text.startsWith(cue) ? 0 : text.lastIndexOf(cue);
		if (at >= 0) text = text.slice(at + cue.length).trim();
	}
	if (text.includes("\\boxed")) return boxed(text);
	return rightSide$1(text.split("\n").flatMap((line) => line.match(/\$(.*)\$/)?.[1] ?? []).at(-1) ?? "") || bare(text);
}
/** The content of the last `\boxed{…}`; undefined where its braces do not close. */
function boxed(text) {
	const opening = "\\boxed{";
	const start = text.lastIndexOf("\\boxed");
	if (!text.startsWith(opening, start)) return void 0;
	let depth = 0;
	for (let i = start + 7 - 1; i < text.length; i++) if (text[i] === "{") depth++;
	else if (text[i] === "}" && --depth === 0) return rightSide$1(text.slice(start + 7, i));
}
function rightSide$1(text) {
	const at = text.lastIndexOf("=");
	return at < 0 ? text : text.slice(at + 1).replace(/^ +/, "");
}
function bare(text) {
	if (text.includes("=")) return rightSide$1(text).replace(/\.+$/, "").split("\\n")[0];
	return text.match(/\p{Nd}+(?:\.\p{Nd}+)?(?![\p{L}\p{N}_])/gu)?.at(-1);
}
/** Spellings that AGIEval does not tell apart, one for all. */
function rewritten(answer) {
	let text = answer.replaceAll("\n", "").replaceAll("\\!", "").replaceAll("\\\\", "\\").replace(/[td]frac/g, "frac").replace(/\\left|\\right/g, "").replace(/\^\{\\circ\}|\^\\circ/g, "").replaceAll("\\$", "");
	text = withoutUnits(text).replaceAll("\\%", "").replaceAll(" .", " 0.").replaceAll("{.", "{0.");
	if (text.startsWith(".")) text = `0${text}`;
	const sides = text.split("=");
	if (sides.length === 2 && sides[0].length <= 2) text = sides[1];
	text = text.replace(/\\sqrt([^{])/gs, "\\sqrt{$1}").replaceAll(" ", "");
	text = bracedFractions$1(text);
	if (text === "0.5") return "\\frac{1}{2}";
	return text.replace(/^(-?(?:0|[1-9]\d*))\/(-?(?:0|[1-9]\d*))$/, "\\frac{$1}{$2}");
}
/** Units stand in `\text{ …}` behind the answer. */
function withoutUnits(text) {
	return text.split("\\text{ ").length === 2 ? text.split("\\text{ ")[0] : text;
}
/** `\frac12` and `\frac1{2}` with all braces. */
function bracedFractions$1(text) {
	return text.replace(/\\frac([^{])(?:(\{)|(.))/gs, (_, above, brace, below) => brace === void 0 ? `\\frac{${above}}{${below}}` : `\\frac{${above}}{`);
}
var agievalEvaluator, CUES;
var init_agieval = __esmMin((() => {
	agievalEvaluator = {
		name: "AGIEvalEvaluator",
		metric: "score",
		grade({ text, reference }) {
			const found = mathAnswer(text);
			if (found === void 0) return {
				credit: 0,
				explanation: "no answer found"
			};
			return {
				credit: rewritten(found) === rewritten(reference) ? 1 : 0,
				explanation: `${found} against ${reference}`
			};
		}
	};
	CUES = ["The answer is therefore", "答案是"];
}));
// src/evaluate/evaluators/humaneval.ts
var humaneval_exports = /* @__PURE__ */ __exportAll({
	humanEvalEvaluator: () => humanEvalEvaluator,
	programOf: () => programOf
});
/**
* `compat`: prompt and completion, nothing between. `fixed` also reads a whole function after a prompt that does not end with
* its line, and the rest of a function that lost its indentation.
*/
function programOf({ prompt, entry_point }, answer, rules) {
	if (rules === "compat") return `${prompt}${answer}\n`;
	if (new RegExp(`^(?:async[ \\t]+)?def[ \\t]+${entry_point}\\b`, "m").test(answer)) return `${prompt.trimEnd()}\n\n${answer}\n`;
	return `${prompt}${indented(answer)}\n`;
}
/** A body whose first line, or every line, stands at the margin where it should stand four to the right. */
function indented(body) {
	const [first = "", ...rest] = body.split("\n").filter((line) => line.trim() !== "");
	if (!/^\S/.test(first) || /^(?:import|from|def|class|async|@)\b/.test(first)) return body;
	const depths = rest.map((line) => line.search(/\S/));
	const least = first.trimEnd().endsWith(":") ? 8 : 4;
	return (depths[0] ?? 0) >= least && Math.min(...depths) >= 4 ? body.replace(/^(?=.*\S)/m, "    ") : body.replace(/^(?=.*\S)/gm, "    ");
}
var TIMEOUT_S, humanEvalEvaluator;
var init_humaneval = __esmMin((() => {
	init_reference();
	init_run_options();
	TIMEOUT_S = 3;
	humanEvalEvaluator = (options) => {
		const settings = readRunOptions(options, {
			timeout: TIMEOUT_S,
			ignored: ["k"]
		});
		const run = codeRunner(settings);
		return {
			name: "HumanEvalEvaluator",
			metric: "humaneval_pass@1",
			concurrency: CONCURRENCY,
			async grade({ answer, gold, rules }) {
				if (answer.trim() === "") return {
					credit: 0,
					explanation: "failed: there is no code"
				};
				const row = readReference(gold, [
					"prompt",
					"test",
					"entry_point"
				], "HumanevalDataset");
				const ran = await run({
					program: programOf(row, answer, rules),
					tests: `${row.test}\ncheck(${row.entry_point})`,
					timeoutMs: settings.timeout * 1e3
				});
				return {
					credit: ran.passed ? 1 : 0,
					explanation: explain$1(ran, settings)
				};
			}
		};
	};
}));
// src/evaluate/judge-reply.ts
var judge_reply_exports = /* @__PURE__ */ __exportAll({ getAOrB: () => getAOrB });
/** `not entirely correct` is not. */
function isNegated(before, verdict) {
	return verdict.length > 1 && NEGATED.test(before.slice(-40));
}
var WORD, VERDICT, NAME$1, OPEN, BEGIN, END, RULES, NEGATED, fixed, compat, getAOrB;
var init_judge_reply = __esmMin((() => {
	WORD = "(?:[Ii]n|IN)?(?:[Cc]orrect|CORRECT)";
	VERDICT = `(?<verdict>[AB]|${WORD})`;
	NAME$1 = "(?:[Vv]erdict|VERDICT|[Jj]udge?ment|JUDGE?MENT|[Gg]rade|GRADE|[Cc]onclusion|CONCLUSION|[Dd]ecision|DECISION|[Ff]inal [Aa]nswer|判断|结论|评分|答案)";
	OPEN = String.raw`(?:[*_\x60"'“‘([{<]|[^\S\n]|\\boxed|\\text)*`;
	BEGIN = String.raw`(?<![\p{L}\p{N}_])`;
	END = String.raw`(?![\p{L}\p{N}_])`;
	RULES = [
		["named-verdict", new RegExp(String.raw`${NAME$1}[*_]*[^\S\n]*(?:is\b|[:：=]|为|是)${OPEN}${VERDICT}${END}`, "dgu")],
		["boxed-verdict", new RegExp(String.raw`(?:\\boxed\{|\[\[)${OPEN}${VERDICT}${END}`, "dgu")],
		["verdict-line", new RegExp(String.raw`^${OPEN}${VERDICT}${END}(?=[^\p{L}\p{N}\n]*$)`, "dgmu")],
		["letter-and-word", new RegExp(String.raw`${BEGIN}(?<verdict>[AB])[:：.)][^\S\n]*${WORD}${END}`, "dgu")],
		["word", new RegExp(`${BEGIN}(?<verdict>${WORD})${END}`, "dgu")]
	];
	NEGATED = /(?:\bnot|\bnever|n['’]t)[\s-]+(?:\p{L}+\s+)?$/iu;
	fixed = (text) => {
		for (const [rule, pattern] of RULES) {
			const span = [...text.matchAll(pattern)].at(-1)?.indices?.groups?.["verdict"];
			if (span === void 0) continue;
			const verdict = text.slice(...span);
			return {
				answer: /^(?:a|correct)$/i.test(verdict) !== isNegated(text.slice(0, span[0]), verdict) ? "A" : "B",
				rule,
				span
			};
		}
	};
	compat = (text) => {
		const last = text.slice(-1);
		const found = {
			answer: "B",
			rule: "default",
			span: [text.length, text.length]
		};
		if (last !== "A" && last !== "B") return found;
		return {
			answer: last,
			rule: "last-character",
			span: [text.length - 1, text.length]
		};
	};
	getAOrB = {
		name: "get_a_or_b",
		fixed,
		compat,
		none: "B"
	};
}));
// src/evaluate/evaluators/llm-judge.ts
var llm_judge_exports = /* @__PURE__ */ __exportAll({ llmJudgeCorrectEvaluator: () => llmJudgeCorrectEvaluator });
var llmJudgeCorrectEvaluator;
var init_llm_judge = __esmMin((() => {
	init_judge_reply();
	llmJudgeCorrectEvaluator = {
		name: "LLMJudgeCorrectEvaluator",
		grade: ({ answer, rules }) => {
			return { credit: (/^[AB]$/.test(answer) ? answer : getAOrB[rules](answer)?.answer) === "A" ? 1 : 0 };
		}
	};
}));
// src/evaluate/evaluators/string-match.ts
var string_match_exports = /* @__PURE__ */ __exportAll({ stringMatchEvaluator: () => stringMatchEvaluator });
function plain(text) {
	return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}
/** `45` stands in `x = 45.` and not in `450`, `4.45` or `45.2`; Chinese has no spaces to tell words by. */
function holds$1(answer, reference) {
	if (reference === "") return answer === "";
	for (let at = answer.indexOf(reference); at >= 0; at = answer.indexOf(reference, at + 1)) {
		const [before, after] = [answer.slice(0, at), answer.slice(at + reference.length)];
		if (!goesOn(before, reference, "before") && !goesOn(after, reference, "after")) return true;
	}
	return false;
}
function goesOn(rest, reference, side) {
	const edge = side === "before" ? reference[0] : reference.at(-1);
	if (!/[a-z0-9]/.test(edge)) return false;
	if (side === "before") return /(?:[a-z0-9_]|\d[.,])$/.test(rest) || /\d/.test(edge) && /-$/.test(rest);
	return /^(?:[a-z0-9_]|[.,]\d)/.test(rest);
}
var stringMatchEvaluator;
var init_string_match = __esmMin((() => {
	stringMatchEvaluator = {
		name: "StringMatchEvaluator",
		grade: ({ answer, reference }) => ({ credit: holds$1(plain(answer), plain(reference)) ? 1 : 0 })
	};
}));
// src/evaluate/math/string-rules.ts
/** Whether the two texts are equal under a version's rules: normalised, then under Minerva's, then Minerva's alone. */
function isStringEqual(first, second, version) {
	const strip = version === "v1" ? stripV1 : stripV2;
	const [a, b] = [strip(first), strip(second)];
	if (a !== void 0 && b !== void 0) {
		if (a === b || normalizeFinalAnswer(a) === normalizeFinalAnswer(b)) return true;
	}
	return normalizeFinalAnswer(first) === normalizeFinalAnswer(second) || first === second;
}
/** Version 1: Hendrycks' rules of the MATH data set. Undefined where AISBench's code raises an error. */
function stripV1(text) {
	let answer = plainFractions(text.replaceAll("\n", "").replaceAll("\\!", "").replaceAll("\\\\", "\\"));
	answer = withoutDegrees(answer).replaceAll("\\$", "");
	const [formula = "", ...units] = answer.split("\\text{ ");
	if (units.length > 1) return void 0;
	answer = leadingZeros(formula.replaceAll("\\%", ""));
	if (answer === "") return answer;
	const rooted = bracedRoots(rightSide(zeroBeforePoint(answer)));
	if (rooted === void 0) return void 0;
	answer = bracedFractions(rooted.replaceAll(" ", ""));
	return slashFraction(answer === "0.5" ? "\\frac{1}{2}" : answer);
}
/** Version 2, the one that AISBench's AIME and PRM800K configs name. */
function stripV2(text) {
	let answer = pythonStrip$1(text).replaceAll("\n", "").replace(/(?<!\.)\.+$/, "");
	answer = answer.replaceAll("\\!", "").replaceAll("\\ ", "").replaceAll("\\\\", "\\").replaceAll("\\\\", "\\");
	answer = withoutDegrees(withoutLastText(plainFractions(answer)));
	for (const part of [
		"\\$",
		"$",
		"\\text",
		"x\\in",
		"\\%",
		"%"
	]) answer = answer.replaceAll(part, "");
	answer = leadingZeros(answer).replaceAll("\\cdot", "").replaceAll("infinity", "\\infty");
	if (!answer.includes("\\infty")) answer = answer.replaceAll("inf", "\\infty");
	answer = answer.replaceAll("+\\inity", "\\infty").replaceAll("and", "").replaceAll("\\mathbf", "");
	answer = unwrap(answer, "\\mbox{", "}", false);
	if (!answer.includes("i")) answer = answer.replaceAll("j", "i");
	answer = answer.replace(/(?<=\p{Nd})\.0+(\P{Nd})/gu, "$1").replace(/(?<=\p{Nd})\.0+$/u, "");
	if (answer === "") return answer;
	answer = rightSide(zeroBeforePoint(answer)).replace(/\\sqrt([\p{L}\p{N}_]+)/gu, "\\sqrt{$1}");
	return slashFraction(bracedFractions(answer.replaceAll(" ", "")));
}
function plainFractions(text) {
	return text.replaceAll("tfrac", "frac").replaceAll("dfrac", "frac").replaceAll("\\left", "").replaceAll("\\right", "");
}
function withoutDegrees(text) {
	return text.replaceAll("^{\\circ}", "").replaceAll("^\\circ", "");
}
/** Without what begins with the first `\text{` where the text ends in a brace, if something else is left. */
function withoutLastText(text) {
	const start = text.indexOf("\\text{");
	if (start === -1 || !text.endsWith("}")) return pythonStrip$1(text) === "" ? text : pythonStrip$1(text);
	const rest = pythonStrip$1(text.slice(0, start));
	return rest === "" ? text : rest;
}
function leadingZeros(text) {
	return text.replaceAll(" .", " 0.").replaceAll("{.", "{0.");
}
function zeroBeforePoint(text) {
	return text.startsWith(".") ? `0${text}` : text;
}
/** Without `x =`, where that is the only equals sign and at most two characters stand before it. */
function rightSide(text) {
	const [left = "", right, ...more] = text.split("=");
	return right !== void 0 && more.length === 0 && [...left].length <= 2 ? right : text;
}
/** `\sqrt3` → `\sqrt{3}`; undefined where nothing follows a root. */
function bracedRoots(text) {
	const [head = "", ...parts] = text.split("\\sqrt");
	if (parts.includes("")) return void 0;
	return head + parts.map((part) => `\\sqrt${part.startsWith("{") ? part : braceFirst(part)}`).join("");
}
/** `\frac12` → `\frac{1}{2}`, `\frac1{72}` → `\frac{1}{72}`; the text as it is where less than two characters follow. */
function bracedFractions(text) {
	const [head = "", ...parts] = text.split("\\frac");
	const braced = [head];
	for (const part of parts) {
		if (part.startsWith("{")) {
			braced.push(part);
			continue;
		}
		const [above, below, ...rest] = [...part];
		if (above === void 0 || below === void 0) return text;
		braced.push(`{${above}}${below === "{" ? below : `{${below}}`}${rest.join("")}`);
	}
	return braced.join("\\frac");
}
function braceFirst(text) {
	const [first = ""] = [...text];
	return `{${first}}${text.slice(first.length)}`;
}
function slashFraction(text) {
	return text.replace(INTEGERS, "\\frac{$1}{$2}");
}
var INTEGERS;
var init_string_rules = __esmMin((() => {
	init_minerva();
	init_python_text$2();
	INTEGERS = /^(0|-?[1-9]\d{0,4299})\/(0|-?[1-9]\d{0,4299})$/;
}));
// src/evaluate/evaluators/math.ts
var math_exports = /* @__PURE__ */ __exportAll({ mathEvaluator: () => mathEvaluator });
function byText({ answer, reference }, version) {
	return { credit: isStringEqual(answer, reference, version) ? 1 : 0 };
}
function byMeaning({ answer, reference, text }) {
	const given = answer !== "" && answer === text.trim() ? extractMathAnswer(answer)?.answer ?? answer : answer;
	const { isEqual, asTexts } = compareMath(boxesOf(reference).at(-1)?.content ?? reference, given);
	const explanation = asTexts === void 0 ? {} : { explanation: `compared as texts: ${asTexts}` };
	return {
		credit: isEqual ? 1 : 0,
		...explanation
	};
}
function versionOf({ version, ...others }) {
	const [other] = Object.keys(others).filter((key) => key !== "type");
	if (other !== void 0) throw new AisBenchError("UTILS-CFG-002", `MATHEvaluator has no key '${other}'`, {
		where: `eval_cfg.evaluator.${other}`,
		cure: "take the key out; it has one: version, 'v1' or 'v2'"
	});
	if (version === void 0 || version === "v1" || version === "v2") return version;
	throw new AisBenchError("UTILS-CFG-002", `MATHEvaluator has no version ${JSON.stringify(version)}`, {
		where: "eval_cfg.evaluator.version",
		cure: "take 'v1' or 'v2', or leave it out to compare what the answers mean"
	});
}
var mathEvaluator;
var init_math = __esmMin((() => {
	init_errors$1();
	init_boxed();
	init_extract_math();
	init_math_equal();
	init_string_rules();
	mathEvaluator = (options) => {
		const version = versionOf(options);
		return {
			name: "MATHEvaluator",
			grade: (sample) => version !== void 0 && sample.rules === "compat" ? byText(sample, version) : byMeaning(sample)
		};
	};
}));
// src/evaluate/extract-mgsm.ts
var extract_mgsm_exports = /* @__PURE__ */ __exportAll({
	mgsmEvaluator: () => mgsmEvaluator,
	mgsmPostprocess: () => mgsmPostprocess
});
/** The last run of digits, with at most one point in or behind it, after the last mark; commas are left out before. */
function extractCompat(text, mark) {
	const start = text.lastIndexOf(mark);
	if (start === -1) return void 0;
	const from = start + mark.length;
	const kept = [];
	for (let i = from; i < text.length; i++) if (text[i] !== ",") kept.push(i);
	const last = [...kept.map((i) => text[i]).join("").matchAll(/\p{Nd}+\.?\p{Nd}*/gu)].at(-1);
	if (last === void 0) return void 0;
	const end = kept[last.index + last[0].length - 1] + 1;
	return {
		answer: last[0].replace(/\.$/, ""),
		rule: "after-mark",
		span: [kept[last.index], end]
	};
}
function extractFixed(text, mark, lang) {
	const last = [...text.matchAll(new RegExp(mark, "giu"))].at(-1);
	if (last === void 0) return gsm8kPostprocess.fixed(text);
	const from = last.index + last[0].length;
	const line = /^[\s*_:：]*(?:[^\n.。।]|[.。।](?!\s))*/u.exec(text.slice(from))?.[0] ?? "";
	const grouped = POINT_GROUPS.test(lang) ? /(?<![\d.,])\d{1,3}(?:[. ]\d{3})+(?![\d.])/.exec(line) : null;
	if (grouped !== null) {
		const at = from + grouped.index;
		return {
			answer: grouped[0].replace(/\D/g, ""),
			rule: "after-mark",
			span: [at, at + grouped[0].length]
		};
	}
	const number = findNumbers(line).at(-1);
	if (number === void 0) return gsm8kPostprocess.fixed(text);
	return {
		answer: number.value,
		rule: "after-mark",
		span: [from + number.start, from + number.end]
	};
}
var MARKS, mgsmPostprocess, POINT_GROUPS, mgsmEvaluator;
var init_extract_mgsm = __esmMin((() => {
	init_errors$1();
	init_extract_gsm8k();
	init_numbers$1();
	init_python_number();
	MARKS = {
		en: "Answer",
		bn: "উত্তর",
		de: "Antwort",
		es: "Respuesta",
		fr: "Réponse",
		ja: "答え",
		ru: "Ответ",
		sw: "Jibu",
		te: "సమాధానం",
		th: "คำตอบ",
		zh: "答案"
	};
	mgsmPostprocess = ({ lang }) => {
		const mark = typeof lang === "string" && Object.hasOwn(MARKS, lang) ? MARKS[lang] : void 0;
		if (mark === void 0) throw new AisBenchError("UTILS-CFG-002", `mgsm_postprocess has no language ${JSON.stringify(lang) ?? "given"}`, {
			where: "eval_cfg.pred_postprocessor.lang",
			cure: `set lang to one of ${Object.keys(MARKS).join(", ")}`
		});
		return {
			name: "mgsm_postprocess",
			compat: (text) => extractCompat(text, mark),
			fixed: (text) => extractFixed(text, mark, String(lang)),
			none: ""
		};
	};
	POINT_GROUPS = /^(?:de|es|fr|ru)$/;
	mgsmEvaluator = {
		name: "MGSM_Evaluator",
		grade: ({ answer, reference, rules }) => {
			if (answer === reference) return { credit: 1 };
			if (rules === "compat") return { credit: 0 };
			const [given, wanted] = [answer, reference].map((text) => pythonFloat(asciiDigits(text).replaceAll(",", "")));
			return { credit: given !== void 0 && given === wanted ? 1 : 0 };
		}
	};
}));
// src/evaluate/whole-text.ts
var whole_text_exports = /* @__PURE__ */ __exportAll({ wholeText: () => wholeText$1 });
var trimmed, wholeText$1;
var init_whole_text = __esmMin((() => {
	trimmed = (text) => {
		const answer = text.trim();
		const start = text.indexOf(answer);
		return answer === "" ? void 0 : {
			answer,
			rule: "whole-text",
			span: [start, start + answer.length]
		};
	};
	wholeText$1 = {
		name: "whole_text",
		fixed: trimmed,
		compat: trimmed,
		none: ""
	};
}));
// src/evaluate/pattern-postprocess.ts
var pattern_postprocess_exports = /* @__PURE__ */ __exportAll({ patternPostprocess: () => patternPostprocess });
/**
* An extractor made of regular expressions (JavaScript's, with Unicode meaning): `patterns` are tried in order, each a text or
* `{name, pattern}`; the first that matches counts, with its first group or, without one, as a whole; of several matches
* `pick` takes the `last` (default) or `first`. `clean` lists what is done to it. Throws UTILS-CFG-002 naming the key.
*/
function patternPostprocess(options) {
	const unknown = Object.keys(options).find((key) => !KEYS.includes(key));
	if (unknown !== void 0) throw wrong$1(unknown, `there is no such key; only ${KEYS.join(", ")}`);
	const rules = rulesOf(options);
	const pick = oneOf(options, "pick", ["last", "first"]);
	const clean = cleaningOf(options["clean"]);
	const extract = (text) => {
		for (const rule of rules) {
			const found = [...text.matchAll(rule.pattern)];
			const match = pick === "last" ? found.at(-1) : found[0];
			if (match !== void 0) return extractionOf(match, rule.name, clean);
		}
	};
	return {
		name: "pattern_postprocess",
		fixed: extract,
		compat: extract,
		none: ""
	};
}
function extractionOf(match, rule, clean) {
	const [start, end] = match.indices?.[1] ?? match.indices[0];
	return {
		answer: clean(match[1] ?? match[0]),
		rule,
		span: [start, end]
	};
}
function rulesOf({ patterns, ignore_case = false }) {
	if (!Array.isArray(patterns) || patterns.length === 0) throw wrong$1("patterns", "it is no list of patterns");
	if (typeof ignore_case !== "boolean") throw wrong$1("ignore_case", "it is neither true nor false");
	return patterns.map((given, n) => {
		const { name = `pattern-${n + 1}`, pattern } = typeof given === "string" ? { pattern: given } : given ?? {};
		const key = `patterns.${n}`;
		if (typeof pattern !== "string" || typeof name !== "string") throw wrong$1(key, "it is neither a text nor { name, pattern }");
		try {
			return {
				name,
				pattern: new RegExp(pattern, ignore_case ? "dgiu" : "dgu")
			};
		} catch (cause) {
			throw wrong$1(key, `it is no regular expression (${cause.message})`);
		}
	});
}
function oneOf(options, key, values) {
	const value = options[key] ?? values[0];
	const found = values.find((one) => one === value);
	if (found === void 0) throw wrong$1(key, `it is none of ${values.join(", ")}`);
	return found;
}
function cleaningOf(value = ["strip"]) {
	const names = Object.keys(CLEANINGS);
	if (!Array.isArray(value) || !value.every((name) => names.includes(name))) throw wrong$1("clean", `it is no list of ${names.join(", ")}`);
	const steps = names.filter((name) => value.includes(name)).map((name) => CLEANINGS[name]);
	return (text) => steps.reduce((left, step) => step(left), text);
}
function wrong$1(key, why) {
	return new AisBenchError("UTILS-CFG-002", `pattern_postprocess.${key}: ${why}`, {
		where: key,
		cure: "write { type: \"pattern_postprocess\", patterns: [\"answer is (\\\\w+)\"], pick: \"last\", clean: [\"strip\"] }"
	});
}
var CLEANINGS, KEYS;
var init_pattern_postprocess = __esmMin((() => {
	init_errors$1();
	CLEANINGS = {
		strip: (text) => text.trim(),
		no_commas: (text) => text.replaceAll(",", ""),
		no_final_dot: (text) => text.replace(/\.$/, ""),
		lower: (text) => text.toLowerCase(),
		upper: (text) => text.toUpperCase()
	};
	KEYS = [
		"patterns",
		"pick",
		"ignore_case",
		"clean"
	];
}));
// src/catalog.ts
const gsm8kEvaluation = () => Promise.resolve().then(() => (init_gsm8k$1(), gsm8k_exports$1));
const gguf = () => Promise.resolve().then(() => (init_llama(), llama_exports));
const huggingFace = () => Promise.resolve().then(() => (init_huggingface(), huggingface_exports));
const huggingFaceVL = () => Promise.resolve().then(() => (init_huggingface_vl(), huggingface_vl_exports));
const codeExtraction = () => Promise.resolve().then(() => (init_fenced(), fenced_exports));
const mbppData = () => Promise.resolve().then(() => (init_mbpp$1(), mbpp_exports$1));
const mbppEvaluation = () => Promise.resolve().then(() => (init_mbpp(), mbpp_exports));
const mathExtraction = () => Promise.resolve().then(() => (init_extract_math(), extract_math_exports));
const gsm8kExtraction = () => Promise.resolve().then(() => (init_extract_gsm8k(), extract_gsm8k_exports));
const letters = () => Promise.resolve().then(() => (init_letters(), letters_exports));
const patterns = () => Promise.resolve().then(() => (init_patterns(), patterns_exports));
const shortAnswers = () => Promise.resolve().then(() => (init_short_answers(), short_answers_exports));
const bbhEvaluation = () => Promise.resolve().then(() => (init_bbh$1(), bbh_exports$1));
const boolq = () => Promise.resolve().then(() => (init_boolq(), boolq_exports));
const gpqa = () => Promise.resolve().then(() => (init_gpqa(), gpqa_exports));
const hellaswag = () => Promise.resolve().then(() => (init_hellaswag(), hellaswag_exports));
const piqa = () => Promise.resolve().then(() => (init_piqa(), piqa_exports));
const winogrande = () => Promise.resolve().then(() => (init_winogrande(), winogrande_exports));
const catalog = {
	models: {
		VLLMCustomAPI: async () => (await Promise.resolve().then(() => (init_vllm_custom_api(), vllm_custom_api_exports))).VLLMCustomAPI,
		VLLMCustomAPIChat: async () => (await Promise.resolve().then(() => (init_vllm_custom_api_chat(), vllm_custom_api_chat_exports))).VLLMCustomAPIChat,
		VLLMCustomAPIOld: async () => (await Promise.resolve().then(() => (init_vllm_custom_api_old(), vllm_custom_api_old_exports))).VLLMCustomAPIOld,
		TGICustomAPI: async () => (await Promise.resolve().then(() => (init_tgi_custom_api(), tgi_custom_api_exports))).TGICustomAPI,
		TritonCustomAPI: async () => (await Promise.resolve().then(() => (init_triton_custom_api(), triton_custom_api_exports))).TritonCustomAPI,
		MindieStreamApi: async () => (await Promise.resolve().then(() => (init_mindie_stream_api(), mindie_stream_api_exports))).MindieStreamApi,
		VITAGenerateAPI: async () => (await Promise.resolve().then(() => (init_vita_generate_api(), vita_generate_api_exports))).VITAGenerateAPI,
		OpenAIResponses: async () => (await Promise.resolve().then(() => (init_openai_responses(), openai_responses_exports))).OpenAIResponses,
		AnthropicMessages: async () => (await Promise.resolve().then(() => (init_anthropic_messages(), anthropic_messages_exports))).AnthropicMessages,
		GGUFwithChatTemplate: async () => (await gguf()).GGUFwithChatTemplate,
		GGUFBaseModel: async () => (await gguf()).GGUFBaseModel,
		HuggingFacewithChatTemplate: async () => (await huggingFace()).HuggingFacewithChatTemplate,
		HuggingFaceBaseModel: async () => (await huggingFace()).HuggingFaceBaseModel,
		HuggingFace: async () => (await huggingFace()).HuggingFace,
		HuggingFaceCausalLM: async () => (await huggingFace()).HuggingFaceCausalLM,
		HuggingFaceVL: async () => (await huggingFaceVL()).HuggingFaceVL,
		HuggingFaceQwen2VLwithChatTemplate: async () => (await huggingFaceVL()).HuggingFaceQwen2VLwithChatTemplate,
		VLLMOfflineVLModel: async () => (await Promise.resolve().then(() => (init_vllm_offline_vl(), vllm_offline_vl_exports))).VLLMOfflineVLModel
	},
	datasets: {
		GSM8KDataset: async () => (await Promise.resolve().then(() => (init_gsm8k(), gsm8k_exports))).GSM8KDataset,
		DemoGSM8KDataset: async () => (await Promise.resolve().then(() => (init_demo_gsm8k(), demo_gsm8k_exports))).DemoGSM8KDataset,
		DemoMultiTurnDataset: async () => (await Promise.resolve().then(() => (init_demo_multi_turn(), demo_multi_turn_exports))).DemoMultiTurnDataset,
		DemoShapesDataset: async () => (await Promise.resolve().then(() => (init_demo_shapes(), demo_shapes_exports))).DemoShapesDataset,
		MMCustomDataset: async () => (await Promise.resolve().then(() => (init_mm_custom(), mm_custom_exports))).MMCustomDataset,
		SyntheticDataset: async () => (await Promise.resolve().then(() => (init_synthetic(), synthetic_exports))).SyntheticDataset,
		ShareGPTDataset: async () => (await Promise.resolve().then(() => (init_sharegpt(), sharegpt_exports))).ShareGPTDataset,
		MTBenchDataset: async () => (await Promise.resolve().then(() => (init_mtbench(), mtbench_exports))).MTBenchDataset,
		MooncakeTraceDataset: async () => (await Promise.resolve().then(() => (init_mooncake_trace(), mooncake_trace_exports))).MooncakeTraceDataset,
		CustomDataset: async () => (await Promise.resolve().then(() => (init_custom(), custom_exports))).CustomDataset,
		FileDataset: async () => (await Promise.resolve().then(() => (init_file(), file_exports))).FileDataset,
		DemoMcqDataset: async () => (await Promise.resolve().then(() => (init_demo_mcq(), demo_mcq_exports))).DemoMcqDataset,
		IFEvalDataset: async () => (await Promise.resolve().then(() => (init_ifeval$1(), ifeval_exports$1))).IFEvalDataset,
		MMLUDataset: async () => (await Promise.resolve().then(() => (init_mmlu(), mmlu_exports))).MMLUDataset,
		MMLUProDataset: async () => (await Promise.resolve().then(() => (init_mmlu_pro$1(), mmlu_pro_exports$1))).MMLUProDataset,
		CEvalDataset: async () => (await Promise.resolve().then(() => (init_ceval(), ceval_exports))).CEvalDataset,
		CMMLUDataset: async () => (await Promise.resolve().then(() => (init_cmmlu(), cmmlu_exports))).CMMLUDataset,
		GPQADataset: async () => (await gpqa()).GPQADataset,
		GPQASimpleEvalDataset: async () => (await gpqa()).GPQASimpleEvalDataset,
		BBHDataset: async () => (await Promise.resolve().then(() => (init_bbh(), bbh_exports))).BBHDataset,
		AGIEvalDataset_v2: async () => (await Promise.resolve().then(() => (init_agieval$1(), agieval_exports$1))).AGIEvalDataset_v2,
		ARCDataset: async () => (await Promise.resolve().then(() => (init_arc(), arc_exports))).ARCDataset,
		HellaswagDataset: async () => (await hellaswag()).HellaswagDataset,
		HellaswagDataset_V2: async () => (await hellaswag()).HellaswagDataset_V2,
		HellaswagDataset_V3: async () => (await hellaswag()).HellaswagDataset_V3,
		HellaswagDatasetwithICE: async () => (await hellaswag()).HellaswagDatasetwithICE,
		WinograndeDataset: async () => (await winogrande()).WinograndeDataset,
		WinograndeDatasetV2: async () => (await winogrande()).WinograndeDatasetV2,
		WinograndeDatasetV3: async () => (await winogrande()).WinograndeDatasetV3,
		PIQADataset: async () => (await piqa()).PIQADataset,
		PIQADatasetV2: async () => (await piqa()).PIQADatasetV2,
		PIQADatasetV3: async () => (await piqa()).PIQADatasetV3,
		siqaDataset_V2: async () => (await Promise.resolve().then(() => (init_siqa(), siqa_exports))).siqaDataset_V2,
		RaceDataset: async () => (await Promise.resolve().then(() => (init_race(), race_exports))).RaceDataset,
		BoolQDatasetV2: async () => (await boolq()).BoolQDatasetV2,
		BoolQDatasetV3: async () => (await boolq()).BoolQDatasetV3,
		HumanevalDataset: async () => (await Promise.resolve().then(() => (init_humaneval$1(), humaneval_exports$1))).HumanevalDataset,
		MBPPDataset: async () => (await mbppData()).MBPPDataset,
		MBPPDatasetV2: async () => (await mbppData()).MBPPDatasetV2,
		SanitizedMBPPDataset: async () => (await mbppData()).SanitizedMBPPDataset,
		MATHDataset: async () => (await Promise.resolve().then(() => (init_math$1(), math_exports$1))).MATHDataset,
		Math500Dataset: async () => (await Promise.resolve().then(() => (init_math$1(), math_exports$1))).Math500Dataset,
		Aime2024Dataset: async () => (await Promise.resolve().then(() => (init_aime(), aime_exports))).Aime2024Dataset,
		Aime2025Dataset: async () => (await Promise.resolve().then(() => (init_aime(), aime_exports))).Aime2025Dataset,
		Aime2026Dataset: async () => (await Promise.resolve().then(() => (init_aime(), aime_exports))).Aime2026Dataset,
		MGSMSDataset: async () => (await Promise.resolve().then(() => (init_mgsm(), mgsm_exports))).MGSMSDataset
	},
	evaluators: {
		AccEvaluator: async () => (await Promise.resolve().then(() => (init_acc(), acc_exports))).accEvaluator,
		Gsm8kEvaluator: async () => (await gsm8kEvaluation()).gsm8kEvaluator,
		IFEvaluator: async () => (await Promise.resolve().then(() => (init_ifeval(), ifeval_exports))).ifEvaluator,
		AccwithDetailsEvaluator: async () => (await Promise.resolve().then(() => (init_acc_with_details(), acc_with_details_exports))).accWithDetailsEvaluator,
		EDAccEvaluator: async () => (await Promise.resolve().then(() => (init_ed_acc(), ed_acc_exports))).edAccEvaluator,
		OptionSimAccEvaluator: async () => (await Promise.resolve().then(() => (init_option_sim(), option_sim_exports))).optionSimAccEvaluator,
		MMLUProBaseEvaluator: async () => (await Promise.resolve().then(() => (init_mmlu_pro(), mmlu_pro_exports))).mmluProBaseEvaluator,
		BBHEvaluator: async () => (await bbhEvaluation()).bbhEvaluator,
		BBHEvaluator_mcq: async () => (await bbhEvaluation()).bbhEvaluatorMcq,
		AGIEvalEvaluator: async () => (await Promise.resolve().then(() => (init_agieval(), agieval_exports))).agievalEvaluator,
		GPQAEvaluator: async () => (await Promise.resolve().then(() => (init_acc(), acc_exports))).accEvaluator,
		AGIEvalEvaluator_mcq: async () => (await Promise.resolve().then(() => (init_acc(), acc_exports))).accEvaluator,
		HumanEvalEvaluator: async () => (await Promise.resolve().then(() => (init_humaneval(), humaneval_exports))).humanEvalEvaluator,
		MBPPEvaluator: async () => (await mbppEvaluation()).mbppEvaluator,
		MBPPPassKEvaluator: async () => (await mbppEvaluation()).mbppPassKEvaluator,
		LLMJudgeCorrectEvaluator: async () => (await Promise.resolve().then(() => (init_llm_judge(), llm_judge_exports))).llmJudgeCorrectEvaluator,
		StringMatchEvaluator: async () => (await Promise.resolve().then(() => (init_string_match(), string_match_exports))).stringMatchEvaluator,
		MATHEvaluator: async () => (await Promise.resolve().then(() => (init_math(), math_exports))).mathEvaluator,
		MGSM_Evaluator: async () => (await Promise.resolve().then(() => (init_extract_mgsm(), extract_mgsm_exports))).mgsmEvaluator
	},
	predPostprocessors: {
		whole_text: async () => (await Promise.resolve().then(() => (init_whole_text(), whole_text_exports))).wholeText,
		pattern_postprocess: async () => (await Promise.resolve().then(() => (init_pattern_postprocess(), pattern_postprocess_exports))).patternPostprocess,
		gsm8k_postprocess: async () => (await gsm8kExtraction()).gsm8kPostprocess,
		"first-capital": async () => (await letters()).firstCapital,
		"last-capital": async () => (await letters()).lastCapital,
		"first-capital-multi": async () => (await letters()).firstCapitalMulti,
		"multiple-select": async () => (await letters()).multipleSelect,
		first_option_postprocess: async () => (await letters()).firstOptionPostprocess,
		last_option_postprocess: async () => (await letters()).lastOptionPostprocess,
		get_a_or_b: async () => (await letters()).getAOrB,
		first_number_postprocess: async () => (await patterns()).firstNumberPostprocess,
		match_answer_pattern: async () => (await patterns()).matchAnswerPattern,
		GPQA_Simple_Eval_postprocess: async () => (await patterns()).gpqaSimpleEval,
		"specific-xml-tag": async () => (await patterns()).specificXmlTag,
		general: async () => (await shortAnswers()).general,
		general_cn: async () => (await shortAnswers()).generalCn,
		"bbh-mcq": async () => (await shortAnswers()).bbhMcq,
		"bbh-freeform": async () => (await shortAnswers()).bbhFreeform,
		"keep-reasoning-content": async () => (await shortAnswers()).keepReasoningContent,
		"extract-non-reasoning-content": async () => (await shortAnswers()).extractNonReasoningContent,
		first_capital_postprocess: async () => (await letters()).firstCapital,
		last_capital_postprocess: async () => (await letters()).lastCapital,
		first_capital_postprocess_multi: async () => (await letters()).firstCapitalMulti,
		multiple_select_postprocess: async () => (await letters()).multipleSelect,
		xml_tag_postprocessor: async () => (await patterns()).specificXmlTag,
		general_postprocess: async () => (await shortAnswers()).general,
		general_cn_postprocess: async () => (await shortAnswers()).generalCn,
		bbh_mcq_postprocess: async () => (await shortAnswers()).bbhMcq,
		bbh_freeform_postprocess: async () => (await shortAnswers()).bbhFreeform,
		keep_reasoning_content: async () => (await shortAnswers()).keepReasoningContent,
		extract_non_reasoning_content: async () => (await shortAnswers()).extractNonReasoningContent,
		humaneval_postprocess: async () => (await codeExtraction()).humanevalPostprocess,
		humaneval_postprocess_v2: async () => (await codeExtraction()).humanevalPostprocess,
		mbpp_postprocess: async () => (await Promise.resolve().then(() => (init_mbpp_answer(), mbpp_answer_exports))).mbppPostprocess,
		get_a_or_b: async () => (await Promise.resolve().then(() => (init_judge_reply(), judge_reply_exports))).getAOrB,
		math_postprocess: async () => (await mathExtraction()).mathPostprocess,
		math_postprocess_v2: async () => (await mathExtraction()).mathPostprocessV2,
		math_answer_postprocess: async () => (await mathExtraction()).mathAnswerPostprocess,
		mgsm_postprocess: async () => (await Promise.resolve().then(() => (init_extract_mgsm(), extract_mgsm_exports))).mgsmPostprocess
	},
	datasetPostprocessors: {
		gsm8k_dataset_postprocess: async () => (await gsm8kExtraction()).gsm8kDatasetPostprocess,
		"bbh-mcq": async () => (await shortAnswers()).bbhMcqReference,
		bbh_mcq_postprocess: async () => (await shortAnswers()).bbhMcqReference
	}
};
// src/config/modes.ts
const MODE_TABLE = {
	all: {
		isLoadTest: false,
		steps: [
			"ask",
			"judge",
			"score",
			"report"
		],
		meaning: "asks every question, prints the score, then the latencies and throughput of the same replies, labelled as taken at this concurrency"
	},
	infer: {
		isLoadTest: false,
		steps: ["ask", "report"],
		meaning: "asks every question and keeps the answers; nothing is scored"
	},
	judge: {
		isLoadTest: false,
		steps: ["judge", "report"],
		meaning: "asks the [judge models](config.md#judge-models) about the answers of a run that is there (`--reuse`) and keeps what they say; nothing is scored"
	},
	infer_judge: {
		isLoadTest: false,
		steps: [
			"ask",
			"judge",
			"report"
		],
		meaning: "`infer`, then `judge`"
	},
	eval: {
		isLoadTest: false,
		steps: ["score", "report"],
		meaning: "scores the answers of a run that is there (`--reuse`) again, and lists the verdicts that changed, from right to wrong first"
	},
	viz: {
		isLoadTest: false,
		steps: ["report"],
		meaning: "makes tables and summary files of the scores of a run that is there (`--reuse`) again"
	},
	perf: {
		isLoadTest: true,
		steps: ["ask", "report"],
		meaning: "the same requests as a load test: nothing is scored. The model class must have `parseStreamResponse`; a config with `stream: false` is measured as it is, without TTFT, TPOT and ITL; a local model is measured by [batches](local-models.md)"
	},
	perf_viz: {
		isLoadTest: true,
		steps: ["report"],
		meaning: "makes tables and files of the records of a load test that is there (`--reuse`) again, e.g. with `--goodput` or another summarizer"
	}
};
const MODES = Object.keys(MODE_TABLE);
function isLoadTest(mode) {
	return MODE_TABLE[mode].isLoadTest;
}
// src/cli/parse-number.ts
/** A whole number within limits. */
function whole$1(min, max = Number.MAX_SAFE_INTEGER) {
	return (text) => {
		const value = Number(text);
		if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
		const range = max === Number.MAX_SAFE_INTEGER ? `a whole number ≥ ${min}` : `a whole number ${min}…${max}`;
		throw new InvalidArgumentError(`It is not ${range}.`);
	};
}
/** A number within limits; `what` says of what. */
function numberIn(min, max, what) {
	return (text) => {
		const value = Number(text);
		if (text.trim() !== "" && value >= min && value <= max) return value;
		const range = max === Number.MAX_VALUE ? `${min} or more` : `${min}…${max}`;
		throw new InvalidArgumentError(`It is not a number of ${what}, ${range}.`);
	};
}
// src/cli/aisbench-flags.ts
const NO_ANOMALIES = "answers are not looked through for anomalies here";
const AISBENCH_FLAGS = [
	{
		name: "maxNumWorkers",
		flags: "--max-num-workers <n>",
		meaning: "accepted, changes nothing: tasks run one after the other",
		parse: whole$1(1),
		said: "--max-num-workers changes nothing: tasks run one after the other, so that none disturbs the times of another; --batch-size says how many requests are in flight"
	},
	{
		name: "maxWorkersPerGpu",
		flags: "--max-workers-per-gpu <n>",
		meaning: "accepted, changes nothing: a local model has its devices for itself",
		parse: whole$1(1),
		said: "--max-workers-per-gpu changes nothing: one local model is loaded at a time"
	},
	{
		name: "mergeDs",
		flags: "--merge-ds",
		meaning: "accepted, changes nothing: every dataset is a task with files of its own",
		said: "--merge-ds changes nothing: every dataset is a task of its own; scores are the same either way"
	},
	{
		name: "responseAnomaly",
		flags: "--response-anomaly",
		meaning: `accepted, changes nothing: ${NO_ANOMALIES}`,
		said: `--response-anomaly changes nothing: ${NO_ANOMALIES}`
	},
	{
		name: "responseAnomaly",
		flags: "--no-response-anomaly",
		meaning: "accepted: it is as asked"
	},
	{
		name: "responseAnomalyPayloadRetention",
		flags: "--response-anomaly-payload-retention <what>",
		meaning: `accepted, changes nothing: ${NO_ANOMALIES}`,
		choices: [
			"all",
			"anomalies",
			"none"
		],
		said: `--response-anomaly-payload-retention changes nothing: ${NO_ANOMALIES}`
	},
	{
		name: "dumpEvalDetails",
		flags: "--dump-eval-details",
		meaning: "accepted: the verdict of every answer is always kept"
	},
	{
		name: "dumpExtractRate",
		flags: "--dump-extract-rate",
		meaning: "accepted: extract_rate is always in the results"
	}
];
// src/cli/connection-flags.ts
/** Flags about how a service is reached; each replaces a field of every service model. */
const CONNECTION_FLAGS = [
	{
		flags: "--url <url>",
		meaning: "base URL of the service, instead of host and port (repeatable: several servers)",
		repeatable: true
	},
	{
		flags: "--header <line>",
		meaning: "header of every request, e.g. 'X-Session: {conversation_id}' (repeatable)",
		repeatable: true
	},
	{
		flags: "--insecure",
		meaning: "do not check the certificates of https services"
	},
	limit("connect", "for a connection, TLS and proxy included"),
	limit("first-token", "from sending to the first event of a stream"),
	limit("idle", "between two reads of a stream"),
	limit("total", "from sending to the end of the reply")
];
function limit(name, meaning) {
	return {
		flags: `--timeout-${name} <seconds>`,
		meaning: `seconds ${meaning}; 0: no limit`,
		parse: seconds$1
	};
}
function seconds$1(text) {
	const value = Number(text);
	if (text.trim() !== "" && value >= 0 && Number.isFinite(value)) return value;
	throw new InvalidArgumentError("It is not a number of seconds, 0 or more.");
}
// src/cli/course-flags.ts
const COURSE_FLAGS = [
	{
		flags: "--dry-run",
		meaning: "print the plan with the origin of every value; send nothing, write nothing"
	},
	{
		flags: "--debug",
		meaning: "tell more on standard error: every failed request, where errors arose; one process sends"
	},
	{
		flags: "--strict",
		meaning: "exit with 3 when the verdict on a load test is not VALID"
	}
];
// src/cli/data-flags.ts
/** Flags about data of one's own; docs/datasets.md explains them. */
const DATA_FLAGS = [
	{
		flags: "--custom-dataset-path <file>",
		meaning: "a .jsonl or .csv file of your own, where --datasets is not given"
	},
	{
		flags: "--custom-dataset-meta-path <file>",
		meaning: "its meta file (default: <file>.meta.json, if there is one)"
	},
	{
		flags: "--custom-dataset-data-type <type>",
		meaning: "what it holds (default: mcq if it has options A and B, else qa)",
		choices: ["mcq", "qa"]
	},
	{
		flags: "--custom-dataset-infer-method <method>",
		meaning: "how it is asked",
		fallback: "gen",
		choices: ["gen"]
	},
	{
		flags: "--nonce <text>",
		meaning: "repeats the made-up prompts of another run (default: new ones, that no cache knows)"
	}
];
// src/load/arrival.ts
/** How requests arrive, as data: part of the plan, and kept with the results. Formulas: `docs/load.md`. */
/** Names of `--arrival`; `closed` and `trace` have no rate. */
const ARRIVALS = [
	"closed",
	"constant",
	"poisson",
	"poisson-exact",
	"gamma",
	"trace",
	"aisbench"
];
/** Below this rate AISBench sends without pacing, as the guide says of `request_rate`; its code says 0.001. */
const SLOWEST_PACED_RATE = .1;
const SLOWEST_RATE_OF_AISBENCH = .001;
function isPaced(requestRate) {
	return requestRate >= SLOWEST_PACED_RATE;
}
// src/cli/load-flags.ts
const FASTEST_RATE = 64e3;
/** Flags about when requests leave, and who sends them; docs/load.md explains them. */
const LOAD_FLAGS = [
	{
		flags: "--request-rate <rate>",
		meaning: "requests per second; below 0.1 unpaced",
		parse: numberIn(0, FASTEST_RATE, "requests per second")
	},
	{
		flags: "--arrival <name>",
		meaning: "how requests arrive",
		choices: ARRIVALS
	},
	{
		flags: "--burstiness <shape>",
		meaning: "gamma shape of the gaps: 1 Poisson, below burstier, above smoother; 0 even",
		parse: numberIn(0, Number.MAX_VALUE, "burstiness")
	},
	{
		flags: "--ramp <rates>",
		meaning: "rate from the first request to the last, e.g. 2..8 or exponential:2..8",
		parse: ramp
	},
	{
		flags: "--steps <steps>",
		meaning: "rates one after the other, e.g. 10@30s,20@30s"
	},
	{
		flags: "--duration <seconds>",
		meaning: "nothing becomes due after so many seconds; what is in flight finishes",
		parse: numberIn(.001, Number.MAX_VALUE, "seconds")
	},
	{
		flags: "--cycle",
		meaning: "begin the data again when it is used up, until --duration or --steps end"
	},
	{
		flags: "--pressure",
		meaning: "batch_size clients, opened at the request rate, each asking again and again"
	},
	{
		flags: "--pressure-time <seconds>",
		meaning: "how long --pressure lasts (default: 15)",
		parse: whole$1(1, 86400)
	},
	{
		flags: "--seed <n>",
		meaning: "seed of the arrivals (default: 0)",
		parse: whole$1(0)
	},
	{
		flags: "--load-workers <n>",
		meaning: "processes that send, or auto: one unless the load is large (default: auto)",
		parse: (text) => text === "auto" ? text : whole$1(1, 256)(text)
	}
];
/** `2..8`, `linear:2..8` or `exponential:2..8` */
function ramp(text) {
	const [, shape = "linear", from, to] = /^(?:(linear|exponential):)?(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)$/.exec(text) ?? [];
	if (from === void 0 || Number(to) < Number(from) || Number(to) === 0 || Number(to) > FASTEST_RATE) throw new InvalidArgumentError("It is not a rising ramp: write 2..8 or exponential:2..8.");
	return {
		ramp_up_strategy: shape,
		ramp_up_start_rps: Number(from),
		ramp_up_end_rps: Number(to)
	};
}
// src/metrics/dialects/types.ts
/** Tools whose definitions a run can be counted by. */
const DIALECTS = [
	"aisbench",
	"vllm",
	"genai-perf",
	"guidellm"
];
// src/metrics/goodput.ts
/** What a service level objective can be set on; limits in milliseconds. */
const SLO_METRICS = [
	"ttft",
	"ttfat",
	"tpot",
	"e2el"
];
/** Reads `ttft:500 tpot:50`, separated by spaces or commas. Throws an Error that says what is wrong. */
function parseSlos(text) {
	const pairs = text.split(/[\s,]+/).filter((part) => part !== "").map(parseSlo);
	if (pairs.length === 0) throw new Error("it names no objective");
	return Object.fromEntries(pairs);
}
function parseSlo(part) {
	const [, name, limit] = /^([a-z0-9]+)[:=](\d+(?:\.\d+)?)$/i.exec(part) ?? [];
	const metric = SLO_METRICS.find((known) => known === name?.toLowerCase());
	const milliseconds = Number(limit);
	if (metric !== void 0 && milliseconds > 0) return [metric, milliseconds];
	throw new Error(`${JSON.stringify(part)} is not one of ${SLO_METRICS.join(", ")} with milliseconds, e.g. ttft:500`);
}
// src/cli/report-flags.ts
const REPORT_FLAGS = [
	{
		flags: "--goodput <slos...>",
		meaning: "count requests that meet these limits in ms, e.g. ttft:500 tpot:50 e2el:20000 (also ttfat), from the schedule",
		parse: slosOf,
		repeatable: true
	},
	{
		flags: "--metric-dialect <tool>",
		meaning: "also print what another tool would have made of the same records",
		choices: DIALECTS
	},
	{
		flags: "--full",
		meaning: "print every metric, 95 % intervals and the health of this machine"
	}
];
/** The table of `explain` has no longer form. */
const EXPLAIN_FLAGS = REPORT_FLAGS.filter(({ flags }) => flags !== "--full");
function slosOf(text) {
	try {
		return parseSlos(text);
	} catch (error) {
		throw new InvalidArgumentError(error.message);
	}
}
// src/cli/server-metrics-flags.ts
const SERVER_METRICS_FLAGS = [
	{
		flags: "--scrape-metrics [url]",
		meaning: "read the service's own metrics there (default in perf mode: /metrics of its base URL)",
		parse: httpUrl
	},
	{
		flags: "--no-scrape-metrics",
		meaning: "leave the service's own metrics alone"
	},
	{
		flags: "--spec-decode",
		meaning: "report the acceptance of speculative decoding, also where there is none"
	}
];
function httpUrl(text) {
	if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
	throw new InvalidArgumentError("It is no http or https URL.");
}
// src/cli/flags.ts
/** The command line as data: the parser, `--help` and the table in `docs/cli.md` come from here. */
const RUN_FLAGS = [
	{
		flags: "--models <names...>",
		meaning: "model configs, by name or path"
	},
	{
		flags: "--datasets <names...>",
		meaning: "dataset configs, by name or path"
	},
	{
		flags: "--summarizer <name>",
		meaning: "summarizer config, by name or path"
	},
	{
		flags: "-m, --mode <mode>",
		meaning: "what is done",
		fallback: "all",
		choices: MODES
	},
	{
		flags: "-s, --search",
		meaning: "print where every config lies, and stop"
	},
	{
		flags: "-w, --work-dir <dir>",
		meaning: "folder of the results (default: outputs/default)"
	},
	{
		flags: "-r, --reuse [stamp]",
		meaning: "continue a run in its folder: the newest, or the one of that stamp"
	},
	{
		flags: "--config-dir <dir>",
		meaning: "folder that is searched for configs first",
		fallback: "configs"
	},
	{
		flags: "--num-prompts <n>",
		meaning: "only the first n rows of each dataset, or none: all",
		parse: rows
	},
	{
		flags: "--num-warmups <n>",
		meaning: "requests before the measured ones",
		fallback: 1,
		parse: whole$1(0)
	},
	{
		flags: "--max-error-rate <share>",
		meaning: "fail the command when more requests fail, e.g. 1% or 0.01",
		fallback: .01,
		parse: share
	},
	{
		flags: "--host-ip <host>",
		meaning: "host of the service, for every model"
	},
	{
		flags: "--host-port <port>",
		meaning: "port of the service, for every model",
		parse: whole$1(1, 65535)
	},
	...CONNECTION_FLAGS,
	{
		flags: "--model <name>",
		meaning: "name the service knows the model by"
	},
	{
		flags: "--max-out-len <tokens>",
		meaning: "largest number of tokens to generate",
		parse: whole$1(1)
	},
	{
		flags: "--batch-size <n>",
		meaning: "largest number of requests in flight",
		parse: whole$1(1, 1e5)
	},
	...LOAD_FLAGS,
	{
		flags: "--python <path>",
		meaning: "Python that runs local models, for every local model"
	},
	{
		flags: "--api-key <key>",
		meaning: "key of the service; never written anywhere"
	},
	...DATA_FLAGS,
	...SERVER_METRICS_FLAGS,
	{
		flags: "--set <key=value>",
		meaning: "a value of a model or dataset config, e.g. models.0.generation_kwargs.temperature=0 (repeatable)",
		fallback: [],
		repeatable: true
	},
	...REPORT_FLAGS,
	...COURSE_FLAGS,
	...AISBENCH_FLAGS
];
/** A number from 1 on, or AISBench's `none`. */
function rows(text) {
	return text.toLowerCase() === "none" ? "none" : whole$1(1)(text);
}
/** `1%` or `0.01`. */
function share(text) {
	const percent = /^([\d.]+)\s*%$/.exec(text)?.[1];
	const value = percent === void 0 ? Number(text) : Number(percent) / 100;
	if (text.trim() !== "" && value >= 0 && value <= 1) return value;
	throw new InvalidArgumentError(`It is not a share: write 1% or a number 0…1.`);
}
/** The flag as commander takes it. */
function toOption(spec) {
	const option = new Option(spec.flags, spec.meaning);
	if (spec.fallback !== void 0) option.default(spec.fallback);
	if (spec.choices !== void 0) option.choices(spec.choices);
	const { parse = (text) => text, repeatable } = spec;
	if (repeatable) option.argParser((text, before = []) => [...before, parse(text)]);
	else if (spec.parse !== void 0) option.argParser(parse);
	return option;
}
// src/cli/import-flags.ts
const IMPORT_FLAGS = [
	{
		flags: "-w, --work-dir <dir>",
		meaning: "folder of the results (default: outputs/default)"
	},
	{
		flags: "--datasets <names...>",
		meaning: "dataset configs that say how answers are judged, found by abbr (default: the config of the run)"
	},
	{
		flags: "--config-dir <dir>",
		meaning: "folder that is searched for configs first",
		fallback: "configs"
	}
];
// src/config/flags.ts
/** Flags that replace a field of every model config, and where the field is. */
const MODEL_OVERRIDES = {
	hostIp: "host_ip",
	hostPort: "host_port",
	url: "url",
	model: "model",
	maxOutLen: "max_out_len",
	batchSize: "batch_size",
	requestRate: "request_rate",
	arrival: "traffic_cfg.arrival",
	burstiness: "traffic_cfg.burstiness",
	steps: "traffic_cfg.steps",
	python: "python",
	apiKey: "api_key",
	insecure: "tls.insecure",
	timeoutConnect: "timeouts.connect",
	timeoutFirstToken: "timeouts.first_token",
	timeoutIdle: "timeouts.idle",
	timeoutTotal: "timeouts.total"
};
/** `hostIp` as it is typed: `--host-ip`. */
function flagName(name) {
	return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
const NEW_FLAGS = [...RUN_FLAGS.filter(({ flags }) => flags.startsWith("--config-dir ")), {
	flags: "--force",
	meaning: "overwrite files that are there"
}];
/** What changes a model in a run changes it in a check. */
const OF_A_MODEL = /* @__PURE__ */ new Set([
	...Object.keys(MODEL_OVERRIDES),
	"header",
	"set",
	"configDir"
]);
const CHECK_FLAGS = RUN_FLAGS.filter((spec) => OF_A_MODEL.has(toOption(spec).attributeName()));
// src/cli/selftest-flags.ts
const SELFTEST_FLAGS = [{
	flags: "--quick",
	meaning: "a second for each measurement instead of three"
}, {
	flags: "--json",
	meaning: "print the result as JSON"
}];
// src/engine/protocol-names.ts
/** The protocols that the service can speak; `v1/models` and `health` are always there. */
const PROTOCOL_NAMES = [
	"openai",
	"responses",
	"anthropic",
	"triton",
	"tgi",
	"vllm",
	"vita",
	"mindie",
	"metrics"
];
// src/cli/service-flags.ts
const ENGINE_FLAGS = [
	{
		flags: "--engine <engine>",
		meaning: "sim: made-up answers and times; llama: a real GGUF model",
		fallback: "sim",
		choices: ["sim", "llama"]
	},
	{
		flags: "--gguf <file>",
		meaning: "model file of the llama engine"
	},
	{
		flags: "--accuracy <share>",
		meaning: "sim: share of known questions answered right",
		parse: share
	},
	{
		flags: "--max-batch <n>",
		meaning: "most sequences that run at once",
		parse: whole$1(1)
	},
	{
		flags: "--seed <n>",
		meaning: "sim: seed of answers and times",
		parse: whole$1(0)
	}
];
const SERVE_FLAGS = [
	{
		flags: "--host <host>",
		meaning: "address to listen on",
		fallback: "127.0.0.1"
	},
	{
		flags: "--port <port>",
		meaning: "port to listen on; 0 picks a free one",
		fallback: 8080,
		parse: whole$1(0, 65535)
	},
	{
		flags: "--protocols <names>",
		meaning: `what it speaks: all, or a list of ${PROTOCOL_NAMES.join(", ")}`,
		fallback: "all",
		parse: protocols
	},
	{
		flags: "--model-name <name>",
		meaning: "name that requests use"
	},
	{
		flags: "--api-key <key>",
		meaning: "refuse requests without this key"
	},
	...ENGINE_FLAGS
];
const DEMO_FLAGS = [...ENGINE_FLAGS, {
	flags: "-w, --work-dir <dir>",
	meaning: "folder of the results (default: outputs/default)"
}];
/** `all`, or names with commas between them. */
function protocols(text) {
	if (text === "all") return text;
	const names = text.split(",").map((name) => name.trim());
	const unknown = names.find((name) => !PROTOCOL_NAMES.includes(name));
	if (unknown === void 0) return names;
	throw new InvalidArgumentError(`There is no protocol "${unknown}". Give all, or a list of ${PROTOCOL_NAMES.join(", ")}.`);
}
// src/models/kind.ts
/**
* What kind of model a value is the class of; undefined for anything else. Told by its methods, not by `instanceof`: a
* package may bring a copy of ais-bench of its own.
*/
function attrOf(value) {
	if (typeof value !== "function") return void 0;
	const prototype = value.prototype;
	const has = (method) => typeof prototype?.[method] === "function";
	if (has("getServiceModelPath") || has("getRequestBody") && has("getUrl")) return "service";
	return has("generate") ? "local" : void 0;
}
// src/config/class-names.ts
/** `MyCustomAPI` → `my_custom_api`: the guide's name of a class's file, config and abbr. */
function snakeCase(className) {
	return className.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2").replace(/[-_ ]+/g, "_").toLowerCase();
}
// src/config/class-module.ts
init_errors$1();
/** What the guide's config of a local model says where a class comes without a config; there is no default for `path`. */
const LOCAL_DEFAULTS = {
	max_out_len: 100,
	batch_size: 1,
	max_seq_len: 2048
};
/**
* The model entry of a module that has a class and no config: default values, the abbr from the class's name. Undefined
* where the module defines `models` or exports no model class. Throws TMAN-CFG-002 where it exports several.
*/
function modelOfClass({ path, values }, mode) {
	if (values["models"] !== void 0) return void 0;
	const modelClass = classIn(values, path);
	if (modelClass === void 0) return void 0;
	const common = {
		type: modelClass,
		abbr: snakeCase(modelClass.name)
	};
	return {
		values: attrOf(modelClass) === "local" ? {
			attr: "local",
			...common,
			...LOCAL_DEFAULTS
		} : {
			attr: "service",
			...common,
			stream: streamsBest(modelClass.prototype, mode)
		},
		label: "models.0",
		overridden: {},
		where: () => path
	};
}
/** Whole replies, as the guide's class has it, unless only a stream can be read or times are what is wanted. */
function streamsBest(methods, mode) {
	return methods.parseStreamResponse !== void 0 && (isLoadTest(mode) || methods.parseTextResponse === void 0);
}
function classIn(values, path) {
	if (attrOf(values["default"]) !== void 0) return values["default"];
	const classes = [...new Set(Object.values(values))].filter((value) => attrOf(value) !== void 0);
	if (classes.length <= 1) return classes[0];
	const names = classes.map(({ name }) => name).join(", ");
	throw new AisBenchError("TMAN-CFG-002", `this module exports several model classes: ${names}`, {
		where: path,
		cure: "make one of them the default export, or write a config that names one as type"
	});
}
// src/config/missing.ts
const LATER = "not implemented yet";
const IMAGES = `its reader of images and questions is ${LATER}; images of your own: mm_custom_gen`;
const CLIPS = `its reader of clips and questions is ${LATER}; clips of your own: mm_custom_gen`;
/** Benchmarks that other programs run: their examples of configs, and the types of their tasks. */
const HARNESSES = [
	[/^SWE-?B/i, "it needs Docker and the Python packages mini-swe-agent and swebench, which this tool does not drive"],
	[/^tau2/i, "it needs the Python package tau2, which this tool does not drive"],
	[/^(harbor|terminal-?bench)/i, "it needs the command harbor and Docker, which this tool does not drive"],
	[/^vbench/i, "it needs VBench and its models on a GPU or NPU, which this tool does not drive"],
	[/^oneig/i, "it needs OneIG and its models on a GPU or NPU, which this tool does not drive"]
];
const TABLES$2 = {
	datasets: [
		[/^BFCL_/i, "it needs the data, functions and checkers of the Python package bfcl-eval, which this tool does not drive"],
		[/^(triviaqa|drop|lambada)_|^longbench(_|$)/i, "its reader and its scoring come with a later version"],
		[/^FewCLUE_/i, `FewCLUE is ${LATER}`],
		[/^Xsum_/i, `XSum is ${LATER}`],
		[/^lcsts_/i, `LCSTS is ${LATER}`],
		[/^aa_lcr_/i, `the reader of AA-LCR's documents is ${LATER}; answers of your own data can be judged: judge_infer_cfg`],
		[/^hle_/i, `HLE is ${LATER}; answers of your own data can be judged: judge_infer_cfg`],
		[/^dapo_math_/i, `DAPO-Math is ${LATER}`],
		[/^humanevalx_/i, `HumanEval-X is ${LATER}; it needs compilers of five languages`],
		[/^livecodebench_/i, `LiveCodeBench is ${LATER}`],
		[/^ifbench_/i, `IFBench is ${LATER}; ifeval_0_shot_gen_str has the instructions of IFEval`],
		[/^leval_/i, `L-Eval is ${LATER}`],
		[/^longbenchv2_/i, `LongBench v2 is ${LATER}`],
		[/^(needlebench_v2_|atc_0shot_nocot_)/i, `NeedleBench V2 is ${LATER}`],
		[/^(docvqa|infovqa|textvqa|glm4v_textvqa|ocrbench_v2|omnidocbench)_/i, IMAGES],
		[/^(geometry3k|mathvision|mmmu|mmmu_pro|mmstar|realworldqa|refcoco|refcoco_plus|refcocog)_/i, IMAGES],
		[/^(videobench|videomme|vocalsound)_/i, CLIPS],
		[/^gedit_/i, "it needs a model that edits images and a judge that sees them; this tool asks for texts"],
		...HARNESSES
	],
	models: [[/^qwen_image_edit/i, "it needs mindie_sd on Ascend and makes images; this tool asks for texts"], [/^litellm/i, "it needs the Python package litellm, which agents of an external harness use"]],
	tasks: [...HARNESSES, [/^EmptyTask$/i, "it asks nothing and leaves the work to the evaluation of an external harness"]]
};
/** One line that says what is missing for a name of AISBench's, of a kind of configs or of `tasks`; undefined for any other. */
function whatIsMissing(kind, name) {
	return TABLES$2[kind]?.find(([names]) => names.test(name))?.[1];
}
/** What can be done about it, whatever is missing. */
const RUN_THERE = "run it with AISBench and read what it came to with ais_bench import";
// src/config/config-file.ts
init_errors$1();
/** Tasks that this tool does itself. */
const OWN_TASKS = /* @__PURE__ */ new Set([
	"OpenICLInferTask",
	"OpenICLApiInferTask",
	"OpenICLEvalTask"
]);
/** Sections of AISBench's that change nothing here. */
const IDLE = ["attack", "response_anomaly"];
/** Throws UTILS-CFG-002 for what would be run otherwise than the file says. */
function sectionsOf(loaded) {
	const { values } = loaded;
	const pairs = pairsOf(loaded);
	const tasks = ["infer", "eval"].flatMap((name) => noteOnTasks(loaded, name));
	const idle = IDLE.filter((key) => Boolean(values[key])).map((key) => `${key} has no effect in this version`);
	const sections = {
		notes: [...tasks, ...idle],
		...pairs === void 0 ? {} : { pairs }
	};
	const workDir = values["work_dir"];
	if (workDir === void 0 || workDir === null) return sections;
	if (typeof workDir === "string" && workDir !== "") return {
		...sections,
		workDir
	};
	throw wrong(loaded, ["work_dir"], "work_dir is no path", "write the folder of the results as a text");
}
/** `{ partitioner, runner: { type, task: { type } } }`: how work is spread is this tool's own. */
function noteOnTasks(loaded, name) {
	const section = loaded.values[name];
	if (section === void 0 || section === null) return [];
	const type = memberOf(memberOf(memberOf(section, "runner"), "task"), "type");
	if (typeof type === "string" && !OWN_TASKS.has(type)) {
		const keys = [
			name,
			"runner",
			"task"
		];
		const missing = whatIsMissing("tasks", type) ?? "this version runs no tasks of other kinds";
		throw wrong(loaded, keys, `${keys.join(".")} is ${type}: ${missing}`, RUN_THERE);
	}
	return [`${name}: partitioner and runner have no effect: tasks run one after the other`];
}
/** `model_dataset_combinations`: groups of models and datasets that are run on each other, and nothing else. */
function pairsOf(loaded) {
	const key = "model_dataset_combinations";
	const groups = loaded.values[key];
	if (groups === void 0 || groups === null) return void 0;
	const pairs = /* @__PURE__ */ new Map();
	for (const group of asList(groups)) for (const model of known(group, "models", loaded)) for (const dataset of known(group, "datasets", loaded)) pairs.set(JSON.stringify([model, dataset]), [model, dataset]);
	if (pairs.size > 0) return [...pairs.values()];
	throw wrong(loaded, [key], `${key} leaves nothing to run`, "write groups { models, datasets }, or leave it out");
}
/** The abbrs of a group's models or datasets, each of which the file's own list must hold. */
function known(group, kind, loaded) {
	const all = new Set(abbrsIn(loaded.values, kind));
	const abbrs = abbrsIn(group, kind);
	const stranger = abbrs.find((abbr) => !all.has(abbr));
	if (stranger === void 0) return abbrs;
	throw wrong(loaded, ["model_dataset_combinations"], `model_dataset_combinations names "${stranger}", which the list ${kind} does not hold`, `add it to ${kind}, or correct its abbr`);
}
function abbrsIn(holder, kind) {
	return asList(memberOf(holder, kind)).map((one) => String(memberOf(one, "abbr")));
}
function asList(value) {
	return Array.isArray(value) ? value : [];
}
function memberOf(value, key) {
	return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? value[key] : void 0;
}
function wrong(loaded, keys, message, cure) {
	return new AisBenchError("UTILS-CFG-002", message, {
		where: loaded.where(keys),
		cure
	});
}
// src/config/find.ts
init_errors$1();
init_nearest();
const CONFIG_EXTENSIONS = [
	...[
		".ts",
		".mts",
		".js",
		".mjs",
		".cjs"
	],
	".json",
	".yaml",
	".yml",
	".py"
];
/** Where the configs of a kind lie in a config folder, in the order in which they are searched. */
const FOLDERS = {
	models: ["models"],
	datasets: ["datasets", "dataset_collections"],
	summarizers: ["summarizers"]
};
/** The folders of configs, in the order in which they are searched. */
function configFolders({ own, shipped, guide }) {
	return guide === void 0 ? [own, shipped] : [
		own,
		shipped,
		guide
	];
}
/** Every config of a kind, the user's first; a user's config hides a shipped one of the same name. */
function listConfigs(kind, roots) {
	const seen = /* @__PURE__ */ new Set();
	return configFolders(roots).flatMap((root) => FOLDERS[kind].flatMap((folder) => filesUnder(join(root, folder), CONFIG_EXTENSIONS))).map((path) => ({
		kind,
		name: basename(path, extname(path)),
		path
	})).filter((file) => !isPart(file)).filter(({ name }) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
}
/** A module that configs share: `_name`, such as Python's `__init__`, and AISBench's home of summary groups. */
function isPart({ kind, name }) {
	return name.startsWith("_") || kind === "summarizers" && name === "groups";
}
/** The config file of that name or path; a name is matched without regard to case. One with `*` finds all that match. */
function findConfigs(kind, name, roots) {
	if (name.includes(sep) || name.includes("/") || CONFIG_EXTENSIONS.includes(extname(name))) return [configAtPath(kind, name)];
	const all = listConfigs(kind, roots);
	const pattern = new RegExp(`^${name.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i");
	const found = all.filter((file) => pattern.test(file.name));
	if (found.length > 0) return found;
	const missing = whatIsMissing(kind, name);
	if (missing !== void 0) throw new AisBenchError("UTILS-MATCH-001", `AISBench's config "${name}" does not run here: ${missing}`, {
		where: `--${kind}`,
		cure: RUN_THERE
	});
	const near = nearest$2(name, all.map((file) => file.name));
	throw new AisBenchError("UTILS-MATCH-001", `there is no ${kind.slice(0, -1)} config named "${name}"`, {
		where: `${join(roots.own, kind)} and the shipped configs`,
		cure: near === void 0 ? "list what there is with: ais_bench --search" : `did you mean "${near}"? All names: ais_bench --search`
	});
}
/** The config file of that path. Throws UTILS-MATCH-001 where there is none. */
function configAtPath(kind, path) {
	const absolute = resolve(path);
	if (!existsSync(absolute) || !statSync(absolute).isFile()) throw new AisBenchError("UTILS-MATCH-001", `there is no config file "${path}"`, {
		where: absolute,
		cure: "check the path, or give a name that ais_bench --search lists"
	});
	return {
		kind,
		name: basename(absolute, extname(absolute)),
		path: absolute
	};
}
/** The file without links; undefined where there is no such file. */
function realFile(path) {
	return existsSync(path) && statSync(path).isFile() ? realpathSync(path) : void 0;
}
/** The folder without links; undefined where there is no such folder. */
function realFolder(path) {
	return existsSync(path) && statSync(path).isDirectory() ? realpathSync(path) : void 0;
}
function filesUnder(folder, extensions) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, {
		recursive: true,
		withFileTypes: true
	}).filter((entry) => entry.isFile() && extensions.includes(extname(entry.name))).filter((entry) => !/\.d\.[mc]?ts$|\.(test|spec)\.[a-z]+$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name)).filter((path) => !path.slice(folder.length).includes(`${sep}node_modules${sep}`)).sort((a, b) => basename(a).localeCompare(basename(b)));
}
// src/config/python/values.ts
function typeName(value) {
	if (value === null) return "NoneType";
	const names = {
		boolean: "bool",
		bigint: "int",
		number: "float",
		string: "str"
	};
	if (typeof value !== "object") return names[typeof value];
	if (value instanceof Bytes) return "bytes";
	if (value instanceof List) return "list";
	if (value instanceof Tuple) return "tuple";
	if (value instanceof Dict) return "dict";
	if (value instanceof PySet) return value.frozen ? "frozenset" : "set";
	if (value instanceof View) return `dict_${value.kind}`;
	if (value instanceof Range) return "range";
	if (value instanceof Items) return "iterator";
	if (value instanceof DefinedFunction) return "function";
	if (value instanceof Builtin) return "builtin";
	return value instanceof Imported ? value.isModule ? "module" : "imported name" : "object";
}
function isTrue(value) {
	if (value instanceof Bytes) return value.text !== "";
	if (value instanceof List || value instanceof Tuple) return value.items.length > 0;
	if (value instanceof Dict) return value.entries.size > 0;
	if (value instanceof PySet) return value.items.size > 0;
	if (value instanceof View) return value.dict.entries.size > 0;
	if (value instanceof Range) return value.length > 0;
	return typeof value === "number" ? value !== 0 : Boolean(value);
}
/**
* Equal values have equal texts, and no others; undefined where a value cannot be a key. `spend` hears of the characters
* that are made: tuples that hold one tuple twice grow fast.
*/
function hashOf(value, spend = () => {}) {
	if (typeof value === "string") return hashOfText(value);
	if (value === null) return "none";
	if (typeof value === "boolean") return value ? "n1" : "n0";
	if (typeof value === "bigint") return `n${value}`;
	if (typeof value === "number") return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
	if (value instanceof Bytes) return `b${value.text}`;
	if (value instanceof Tuple) return hashOfAll(value.items, "t", spend);
	if (value instanceof PySet) return value.frozen ? `f${[...value.items.keys()].sort().map(sized).join("")}` : void 0;
	if (value instanceof Imported) return `i${value.dotted}`;
	if (value instanceof List || value instanceof Dict || value instanceof View) return void 0;
	const known = identities.get(value) ?? ++identityCount;
	identities.set(value, known);
	return `o${known}`;
}
function hashOfText(text) {
	return `s${text}`;
}
function hashOfAll(items, mark, spend) {
	const hashes = items.map((item) => {
		const hash = hashOf(item, spend);
		spend(hash?.length ?? 1);
		return hash;
	});
	return hashes.includes(void 0) ? void 0 : mark + hashes.map(sized).join("");
}
function sized(text) {
	return `${text.length}:${text}`;
}
/** Characters as Python counts them: a pair of surrogates is one. */
function characters(text) {
	return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}
function lengthOf(text) {
	return characters(text).length;
}
var Bytes, List, Tuple, Dict, PySet, View, Range, Items, DefinedFunction, Builtin, Imported, Foreign, identities, identityCount;
var init_values = __esmMin((() => {
	Bytes = class {
		text;
		constructor(text) {
			this.text = text;
		}
	};
	List = class {
		items;
		constructor(items = []) {
			this.items = items;
		}
	};
	Tuple = class {
		items;
		constructor(items) {
			this.items = items;
		}
	};
	Dict = class {
		entries = /* @__PURE__ */ new Map();
		/** Where it was made. */
		place;
		constructor(place) {
			this.place = place;
		}
		text(key) {
			return this.entries.get(hashOfText(key))?.value;
		}
		/** Whether there was one. */
		deleteText(key) {
			return this.entries.delete(hashOfText(key));
		}
		placeOf(key) {
			return this.entries.get(hashOfText(key))?.place;
		}
		setText(key, value, place) {
			const entry = this.entries.get(hashOfText(key));
			if (entry === void 0) this.entries.set(hashOfText(key), {
				key,
				value,
				place
			});
			else Object.assign(entry, {
				value,
				place
			});
		}
	};
	PySet = class {
		items;
		frozen;
		constructor(items = /* @__PURE__ */ new Map(), frozen = false) {
			this.items = items;
			this.frozen = frozen;
		}
	};
	View = class {
		dict;
		kind;
		constructor(dict, kind) {
			this.dict = dict;
			this.kind = kind;
		}
		pick({ key, value }) {
			return this.kind === "keys" ? key : this.kind === "values" ? value : new Tuple([key, value]);
		}
	};
	Range = class {
		start;
		stop;
		step;
		constructor(start, stop, step) {
			this.start = start;
			this.stop = stop;
			this.step = step;
		}
		get length() {
			return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
		}
	};
	Items = class {
		iterator;
		constructor(iterator) {
			this.iterator = iterator;
		}
	};
	DefinedFunction = class {
		name;
		parameters;
		body;
		scope;
		place;
		own;
		shared;
		constructor(made) {
			this.name = made.name;
			this.parameters = made.parameters;
			this.body = made.body;
			this.scope = made.scope;
			this.place = made.place;
			this.own = made.own;
			this.shared = made.shared;
		}
	};
	Builtin = class {
		name;
		call;
		constructor(name, call) {
			this.name = name;
			this.call = call;
		}
	};
	Imported = class {
		path;
		/** Whether it is a module as far as the import tells. */
		isModule;
		constructor(path, isModule) {
			this.path = path;
			this.isModule = isModule;
		}
		get dotted() {
			return this.path.join(".");
		}
	};
	Foreign = class {
		value;
		constructor(value) {
			this.value = value;
		}
	};
	identities = /* @__PURE__ */ new WeakMap();
	identityCount = 0;
}));
// src/config/python/access.ts
function keyOf(key, machine) {
	const hash = hashOf(key, (length) => machine.text(length));
	if (hash === void 0) machine.fail(`unhashable type: '${typeName(key)}'`);
	machine.step(1 + Math.ceil(hash.length / 64));
	return hash;
}
function setItem(dict, key, value, machine, place) {
	const hash = keyOf(key, machine);
	const entry = dict.entries.get(hash);
	if (entry !== void 0) Object.assign(entry, {
		value,
		place: place ?? machine.place
	});
	else {
		machine.items(3);
		machine.allocate(2 * hash.length);
		dict.entries.set(hash, {
			key,
			value,
			place: place ?? machine.place
		});
	}
}
function getItem(dict, key, machine) {
	return dict.entries.get(keyOf(key, machine))?.value;
}
function setOf(values, machine, frozen = false) {
	const items = /* @__PURE__ */ new Map();
	for (const value of values) {
		machine.items(1);
		const key = keyOf(value, machine);
		if (!items.has(key)) items.set(key, value);
	}
	return new PySet(items, frozen);
}
/** The items of a value, a step each. Fails at once for what has none. */
function iterate(value, machine) {
	return counted(itemsOf$2(value, machine), machine);
}
function* counted(items, machine) {
	for (const item of items) {
		machine.step();
		yield item;
	}
}
function itemsOf$2(value, machine) {
	if (value instanceof List || value instanceof Tuple) return listItems(value);
	if (value instanceof Dict) return unchanged(value.entries, machine, ({ key }) => key);
	if (value instanceof PySet) return unchanged(value.items, machine, (item) => item);
	if (value instanceof View) return unchanged(value.dict.entries, machine, (entry) => value.pick(entry));
	if (value instanceof Range) return numbersOf(value);
	if (value instanceof Items) return { [Symbol.iterator]: () => unclosed(value.iterator) };
	if (typeof value === "string") return value;
	if (value instanceof Bytes) return [...value.text].map((byte) => BigInt(byte.charCodeAt(0)));
	return machine.fail(`'${typeName(value)}' object is not iterable`);
}
/** A list may grow or shrink while it is gone through, as in Python. */
function* listItems(list) {
	for (let index = 0; index < list.items.length; index++) yield list.items[index];
}
/** A loop that ends early leaves the rest to the next one. */
function unclosed(iterator) {
	return { next: () => iterator.next() };
}
/** Items of a dict or set; as in Python, none may come or go meanwhile. */
function* unchanged(map, machine, item) {
	const { size } = map;
	for (const entry of map.values()) {
		if (map.size !== size) machine.fail("dictionary changed size during iteration");
		yield item(entry);
	}
	if (map.size !== size) machine.fail("dictionary changed size during iteration");
}
function* numbersOf({ start, step, length }) {
	for (let index = 0; index < length; index++) yield BigInt(start + index * step);
}
/** The items as an array of their own. */
function collect(value, machine) {
	const items = [];
	for (const item of iterate(value, machine)) {
		machine.allocate(16);
		items.push(item);
	}
	return items;
}
function sizeOf(value, machine) {
	if (typeof value === "string") return characters(value).length;
	if (value instanceof Bytes) return value.text.length;
	if (value instanceof List || value instanceof Tuple) return value.items.length;
	if (value instanceof Dict) return value.entries.size;
	if (value instanceof PySet) return value.items.size;
	if (value instanceof View) return value.dict.entries.size;
	if (value instanceof Range) return value.length;
	return machine.fail(`object of type '${typeName(value)}' has no len()`);
}
/** bool counts as int. */
function numeric(value) {
	if (typeof value === "boolean") return value ? 1n : 0n;
	return typeof value === "bigint" || typeof value === "number" ? value : void 0;
}
/** `is`: the same object; an imported name is one object however often it is imported. */
function isSame(a, b) {
	return a === b || a instanceof Imported && b instanceof Imported && a.dotted === b.dotted;
}
function isEqual(a, b, machine) {
	machine.step();
	if (a === b) return !Number.isNaN(a);
	const [x, y] = [numeric(a), numeric(b)];
	if (x !== void 0 && y !== void 0) return x == y;
	if (typeof a === "string" && typeof b === "string") machine.step(Math.ceil(Math.min(a.length, b.length) / 64));
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
	return machine.deeper(() => areEqualObjects(a, b, machine));
}
function areEqualObjects(a, b, machine) {
	const each = (x, y) => x.length === y.length && x.every((item, index) => isSame(item, y[index]) || isEqual(item, y[index], machine));
	if (a instanceof List) return b instanceof List && each(a.items, b.items);
	if (a instanceof Tuple) return b instanceof Tuple && each(a.items, b.items);
	if (a instanceof Range && b instanceof Range) return each(collect(a, machine), collect(b, machine));
	if (a instanceof Dict && b instanceof Dict) {
		if (a.entries.size !== b.entries.size) return false;
		return [...a.entries].every(([hash, { value }]) => {
			const other = b.entries.get(hash);
			return other !== void 0 && isEqual(value, other.value, machine);
		});
	}
	if (a instanceof PySet && b instanceof PySet) {
		machine.step(a.items.size);
		return a.items.size === b.items.size && [...a.items.keys()].every((key) => b.items.has(key));
	}
	return hashOf(a) !== void 0 && hashOf(a) === hashOf(b);
}
/** Below 0, 0 or above 0; undefined where NaN has no order. */
function compare(a, b, operator, machine) {
	machine.step();
	const [x, y] = [numeric(a), numeric(b)];
	if (x !== void 0 && y !== void 0) return compareNumbers(x, y);
	if (typeof a === "string" && typeof b === "string") return compareTexts(a, b, machine);
	if (a instanceof Bytes && b instanceof Bytes) return compareTexts(a.text, b.text, machine);
	if (a instanceof List && b instanceof List || a instanceof Tuple && b instanceof Tuple) return machine.deeper(() => compareItems(a.items, b.items, operator, machine));
	return machine.fail(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}
function compareNumbers(a, b) {
	if (a < b) return -1;
	if (a > b) return 1;
	return Number.isNaN(a) || Number.isNaN(b) ? void 0 : 0;
}
function compareItems(a, b, operator, machine) {
	const shared = Math.min(a.length, b.length);
	for (let index = 0; index < shared; index++) {
		const [x, y] = [a[index], b[index]];
		if (!isSame(x, y) && !isEqual(x, y, machine)) return compare(x, y, operator, machine);
	}
	return a.length - b.length;
}
/** By code points: JavaScript's own order is by UTF-16 units. */
function compareTexts(a, b, machine) {
	machine.step(Math.ceil(Math.min(a.length, b.length) / 64));
	let at = 0;
	while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
	if (at > 0 && /[\udc00-\udfff]/.test(a[at] ?? b[at] ?? "") && /[\ud800-\udbff]/.test(a[at - 1])) at -= 1;
	return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
var init_access = __esmMin((() => {
	init_values();
}));
// src/config/python/arguments.ts
/**
* The arguments of a built-in by its parameters' names, `name?` for one that may be left out; undefined where it was.
* Fails as Python does for too many, too few or unknown ones.
*/
function take(call, ...names) {
	const { args, keywords, machine } = call;
	const plain = names.map((name) => name.replace("?", ""));
	if (args.length > names.length) machine.fail(`${call.name}() takes at most ${names.length} arguments (${args.length} given)`);
	for (const key of keywords.keys()) {
		const index = plain.indexOf(key);
		if (index < 0) machine.fail(`${call.name}() got an unexpected keyword argument '${key}'`);
		if (index < args.length) machine.fail(`${call.name}() got several values for '${key}'`);
	}
	return names.map((name, index) => {
		const value = index < args.length ? args[index] : keywords.get(plain[index]);
		if (value === void 0 && !name.endsWith("?")) machine.fail(`${call.name}() lacks its argument '${plain[index]}'`);
		return value;
	});
}
function textArgument(value, call) {
	return typeof value === "string" ? value : call.machine.fail(`${call.name}() needs a str, not '${typeOf(value)}'`);
}
/** A whole number within JavaScript's exact range. */
function indexArgument(value, call) {
	const int = typeof value === "boolean" ? BigInt(value) : value;
	if (typeof int !== "bigint") return call.machine.fail(`${call.name}() needs an int, not '${typeOf(value)}'`);
	const number = Number(int);
	return Number.isSafeInteger(number) ? number : call.machine.refuse(`${call.name}() was given ${int}`, "write a smaller number");
}
function typeOf(value) {
	return value === void 0 ? "nothing" : typeName(value);
}
var init_arguments = __esmMin((() => {
	init_values();
}));
// src/config/python/sorting.ts
/** In order, equal ones as they stood; `key` makes what is compared. */
function sorted(values, { key, reverse }, call) {
	const { machine } = call;
	const items = collect(values, machine).map((value) => ({
		value,
		by: keyed(value, key, call)
	}));
	const sign = reverse !== void 0 && isTrue(reverse) ? -1 : 1;
	items.sort((a, b) => {
		const order = compare(a.by, b.by, "<", machine);
		return order === void 0 ? machine.fail("nan cannot be sorted") : sign * order;
	});
	return items.map(({ value }) => value);
}
function keyed(value, key, call) {
	return key === void 0 || key === null ? value : call.invoke(key, [value]);
}
/** `min` and `max`: of the items of one argument, or of several. */
function extreme(call, operator) {
	const { machine, args, keywords, name } = call;
	for (const given of keywords.keys()) if (given !== "key" && given !== "default") machine.fail(`${name}() got an unexpected keyword argument '${given}'`);
	const items = args.length === 1 ? collect(args[0], machine) : [...args];
	const [first] = items;
	if (first === void 0) {
		const fallback = keywords.get("default");
		return fallback === void 0 ? machine.fail(`${name}() arg is an empty sequence`) : fallback;
	}
	const key = keywords.get("key");
	let best = {
		value: first,
		by: keyed(first, key, call)
	};
	for (const value of items.slice(1)) {
		const by = keyed(value, key, call);
		const order = compare(by, best.by, operator, machine);
		if (order !== void 0 && (operator === "<" ? order < 0 : order > 0)) best = {
			value,
			by
		};
	}
	return best.value;
}
var init_sorting = __esmMin((() => {
	init_access();
	init_values();
}));
// src/config/python/container-methods.ts
function positionOf(self, value, call) {
	return self.items.findIndex((item) => item === value || isEqual(item, value, call.machine));
}
function view(self, call, kind) {
	take(call);
	return new View(self, kind);
}
function copyOfDict(dict, { machine }) {
	const copy = new Dict(machine.place);
	for (const { key, value, place } of dict.entries.values()) setItem(copy, key, value, machine, place);
	return copy;
}
/** What `dict(…)` and `update(…)` take: a mapping or pairs, then keywords. */
function fillDict(dict, call) {
	const { machine, args, keywords } = call;
	if (args.length > 1) machine.fail(`${call.name}() takes at most 1 argument (${args.length} given)`);
	const [from] = args;
	if (from instanceof Dict) for (const { key, value, place } of [...from.entries.values()]) setItem(dict, key, value, machine, place);
	else if (from !== void 0) for (const pair of iterate(from, machine)) {
		const [key, value, ...more] = collect(pair, machine);
		if (key === void 0 || value === void 0 || more.length > 0) machine.fail("a dict is made of pairs");
		setItem(dict, key, value, machine);
	}
	for (const [name, value] of keywords) setItem(dict, name, value, machine, call.places?.get(name));
}
function changeable(self, call) {
	return self.frozen ? call.machine.fail(`'frozenset' object has no attribute '${call.name}'`) : self;
}
function other(call) {
	return setOf(iterate(take(call, "other")[0], call.machine), call.machine);
}
function isWithin(inner, outer, { machine }) {
	machine.step(inner.items.size);
	return [...inner.items.keys()].every((key) => outer.items.has(key));
}
function folded(self, call, operator) {
	const { machine, args } = call;
	return args.reduce((set, one) => combined(set, setOf(iterate(one, machine), machine), operator, machine), self);
}
/** Set operators; undefined operators fail where they are read. */
function combined(a, b, operator, machine) {
	machine.items(a.items.size + b.items.size);
	const kept = (from, inOther, wanted) => [...from.items].filter(([key]) => inOther.items.has(key) === wanted);
	const entries = operator === "|" ? [...a.items, ...kept(b, a, false)] : operator === "&" ? kept(a, b, true) : operator === "-" ? kept(a, b, false) : operator === "^" ? [...kept(a, b, false), ...kept(b, a, false)] : machine.fail(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
	return new PySet(new Map(entries), a.frozen);
}
var TUPLE_METHODS, LIST_METHODS, DICT_METHODS, SET_METHODS;
var init_container_methods = __esmMin((() => {
	init_access();
	init_arguments();
	init_sorting();
	init_values();
	TUPLE_METHODS = {
		index: (self, call) => {
			const at = positionOf(self, take(call, "value")[0], call);
			return at < 0 ? call.machine.fail("the value is not in the list") : BigInt(at);
		},
		count: (self, call) => {
			const [value] = take(call, "value");
			return BigInt(self.items.filter((item) => isEqual(item, value, call.machine)).length);
		}
	};
	LIST_METHODS = {
		...TUPLE_METHODS,
		append: (self, call) => {
			const [value] = take(call, "value");
			call.machine.items(1);
			self.items.push(value);
			return null;
		},
		extend: (self, call) => {
			for (const item of collect(take(call, "iterable")[0], call.machine)) self.items.push(item);
			return null;
		},
		insert: (self, call) => {
			const [at, value] = take(call, "index", "value");
			call.machine.items(1);
			call.machine.step(Math.ceil(self.items.length / 64));
			self.items.splice(indexArgument(at, call), 0, value);
			return null;
		},
		remove: (self, call) => {
			const at = positionOf(self, take(call, "value")[0], call);
			if (at < 0) call.machine.fail("list.remove(x): x not in list");
			self.items.splice(at, 1);
			return null;
		},
		pop: (self, call) => {
			const [index = -1n] = take(call, "index?");
			const given = indexArgument(index, call);
			const at = given < 0 ? self.items.length + given : given;
			if (at < 0 || at >= self.items.length) call.machine.fail("pop index out of range");
			call.machine.step(Math.ceil(self.items.length / 64));
			return self.items.splice(at, 1)[0];
		},
		clear: (self, call) => {
			take(call);
			self.items = [];
			return null;
		},
		copy: (self, call) => {
			take(call);
			return new List(collect(self, call.machine));
		},
		reverse: (self, call) => {
			take(call);
			call.machine.step(self.items.length);
			self.items.reverse();
			return null;
		},
		sort: (self, call) => {
			if (call.args.length > 0) call.machine.fail("sort() takes no positional arguments");
			const [key, reverse] = take(call, "key?", "reverse?");
			self.items = sorted(self, {
				key,
				reverse
			}, call);
			return null;
		}
	};
	DICT_METHODS = {
		get: (self, call) => {
			const [key, fallback = null] = take(call, "key", "default?");
			const value = getItem(self, key, call.machine);
			return value === void 0 ? fallback : value;
		},
		keys: (self, call) => view(self, call, "keys"),
		values: (self, call) => view(self, call, "values"),
		items: (self, call) => view(self, call, "items"),
		pop: (self, call) => {
			const [key, fallback] = take(call, "key", "default?");
			const hash = keyOf(key, call.machine);
			const entry = self.entries.get(hash);
			const value = entry === void 0 ? fallback : entry.value;
			self.entries.delete(hash);
			return value === void 0 ? call.machine.fail("KeyError: there is no such key to pop") : value;
		},
		popitem: (self, call) => {
			take(call);
			const [hash, entry] = [...self.entries].at(-1) ?? call.machine.fail("popitem(): dictionary is empty");
			call.machine.step(self.entries.size);
			self.entries.delete(hash);
			return new Tuple([entry.key, entry.value]);
		},
		setdefault: (self, call) => {
			const [key, fallback = null] = take(call, "key", "default?");
			const value = getItem(self, key, call.machine);
			if (value === void 0) setItem(self, key, fallback, call.machine);
			return value === void 0 ? fallback : value;
		},
		update: (self, call) => {
			fillDict(self, call);
			return null;
		},
		copy: (self, call) => {
			take(call);
			return copyOfDict(self, call);
		},
		clear: (self, call) => {
			take(call);
			self.entries.clear();
			return null;
		}
	};
	SET_METHODS = {
		add: (self, call) => {
			const [value] = take(call, "value");
			call.machine.items(1);
			const key = keyOf(value, call.machine);
			if (!changeable(self, call).items.has(key)) self.items.set(key, value);
			return null;
		},
		discard: (self, call) => {
			changeable(self, call).items.delete(keyOf(take(call, "value")[0], call.machine));
			return null;
		},
		remove: (self, call) => {
			if (!changeable(self, call).items.delete(keyOf(take(call, "value")[0], call.machine))) call.machine.fail("KeyError: the set has no such element");
			return null;
		},
		update: (self, call) => {
			for (const other of call.args) for (const [key, value] of setOf(iterate(other, call.machine), call.machine).items) if (!changeable(self, call).items.has(key)) self.items.set(key, value);
			return null;
		},
		copy: (self, call) => setOf(iterate(self, call.machine), call.machine, self.frozen),
		union: (self, call) => folded(self, call, "|"),
		intersection: (self, call) => folded(self, call, "&"),
		difference: (self, call) => folded(self, call, "-"),
		symmetric_difference: (self, call) => folded(self, call, "^"),
		issubset: (self, call) => isWithin(self, other(call), call),
		issuperset: (self, call) => isWithin(other(call), self, call),
		isdisjoint: (self, call) => combined(self, other(call), "&", call.machine).items.size === 0
	};
}));
// src/config/python/decimals.ts
/** Exact decimal digits of floats, rounded half to even as Python does; JavaScript's `toFixed` rounds ties up. */
/** A finite, non-negative float as a fraction of whole numbers. */
function fractionOf(value) {
	const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));
	bits.setFloat64(0, Math.abs(value));
	const word = bits.getBigUint64(0);
	const biased = Number(word >> 52n);
	const mantissa = word & 4503599627370495n;
	const exponent = Math.max(biased, 1) - 1075;
	const whole = biased === 0 ? mantissa : mantissa | 4503599627370496n;
	return exponent >= 0 ? [whole << BigInt(exponent), 1n] : [whole, 1n << BigInt(-exponent)];
}
function divideHalfEven(numerator, denominator) {
	const quotient = numerator / denominator;
	const twice = (numerator - quotient * denominator) * 2n;
	return twice > denominator || twice === denominator && quotient % 2n === 1n ? quotient + 1n : quotient;
}
/** Digits of |value| with so many after the point: `12.50`. */
function fixedDigits(value, places) {
	const [numerator, denominator] = fractionOf(value);
	const padded = divideHalfEven(numerator * 10n ** BigInt(places), denominator).toString().padStart(places + 1, "0");
	return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
/** The first `count` digits of |value| and the power of ten of the first one. */
function significantDigits(value, count) {
	if (value === 0) return {
		digits: "0".repeat(count),
		exponent: 0
	};
	const [numerator, denominator] = fractionOf(value);
	let exponent = Number(/e([+-]\d+)$/.exec(Math.abs(value).toExponential(20))?.[1]);
	const at = (power) => {
		const shift = count - 1 - power;
		return shift >= 0 ? divideHalfEven(numerator * 10n ** BigInt(shift), denominator) : divideHalfEven(numerator, denominator * 10n ** BigInt(-shift));
	};
	let digits = at(exponent).toString();
	if (digits.length > count) {
		exponent += 1;
		digits = at(exponent).toString();
	}
	return {
		digits,
		exponent
	};
}
/** `repr` of a float: the shortest digits that mean it. */
function floatText(value) {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	const sign = value < 0 || Object.is(value, -0) ? "-" : "";
	const [, lead = "", rest = "", power = ""] = /^(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(Math.abs(value).toExponential()) ?? [];
	const digits = lead + rest;
	const exponent = Number(power);
	if (exponent < -4 || exponent >= 16) {
		const mark = exponent < 0 ? "-" : "+";
		return `${sign}${lead}${rest === "" ? "" : `.${rest}`}e${mark}${String(Math.abs(exponent)).padStart(2, "0")}`;
	}
	if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
	return `${sign}${digits.slice(0, exponent + 1).padEnd(exponent + 1, "0")}.${digits.slice(exponent + 1) || "0"}`;
}
var init_decimals = __esmMin((() => {}));
// src/config/python/machine.ts
/** `line:column` of an offset, both from 1; columns are counted in characters. */
function lineAndColumn({ source, at }) {
	const before = source.text.slice(0, at);
	const start = before.lastIndexOf("\n") + 1;
	return {
		line: before.split("\n").length,
		column: [...before.slice(start)].length + 1
	};
}
function unreadable$2({ source, at }, why, cure) {
	const { line, column } = lineAndColumn({
		source,
		at
	});
	return new AisBenchError("TMAN-CFG-001", `this config cannot be read: ${why}`, {
		where: `${source.path}:${line}:${column}`,
		cure
	});
}
var LIMITS, Machine, TOO_MUCH;
var init_machine = __esmMin((() => {
	init_errors$1();
	LIMITS = {
		/** Expressions, statements and items that are worked through. */
		steps: 1e6,
		/** Bytes made in all, freed ones counted too: 16 an item or key, 2 a character. */
		bytes: 67108864,
		/** How deep expressions, calls and values lie in each other. */
		depth: 500,
		/** Size of a whole number. */
		bits: 4096,
		/** Characters of one file. */
		fileLength: 1048576,
		/** Files that one config imports, directly or not. */
		files: 500
	};
	Machine = class {
		source;
		at = 0;
		#steps = 0;
		#bytes = 0;
		#depth = 0;
		constructor(source) {
			this.source = source;
		}
		get place() {
			return {
				source: this.source,
				at: this.at
			};
		}
		step(count = 1) {
			this.#steps += count;
			if (this.#steps > LIMITS.steps) this.refuse(`it takes more than ${LIMITS.steps} steps`, TOO_MUCH);
		}
		/** Bytes about to be made. */
		allocate(bytes) {
			this.#bytes += bytes;
			if (!(this.#bytes <= LIMITS.bytes)) this.refuse(`it needs more than ${LIMITS.bytes / 1024 / 1024} MiB`, TOO_MUCH);
		}
		items(count) {
			this.step(count);
			this.allocate(16 * count);
		}
		text(length) {
			this.step(Math.ceil(length / 64));
			this.allocate(2 * length);
		}
		/** Does what lies one level deeper. */
		deeper(action) {
			this.#depth += 1;
			if (this.#depth > LIMITS.depth) this.refuse(`it nests deeper than ${LIMITS.depth} levels`, TOO_MUCH);
			const result = action();
			this.#depth -= 1;
			return result;
		}
		/** An error that Python would raise too. */
		fail(message) {
			throw unreadable$2(this.place, message, "correct the file at that place");
		}
		/** Something Python could do and a config may not. */
		refuse(what, cure) {
			throw unreadable$2(this.place, what, cure);
		}
	};
	TOO_MUCH = "write the data out, or use a TypeScript config, which may compute";
}));
// src/config/python/numbers.ts
/** Result of an operator on two numbers; undefined where there is no such operator for them. */
function arithmetic(operator, a, b, machine) {
	if (typeof a === "bigint" && typeof b === "bigint") return onInts(operator, a, b, machine);
	return onFloats(operator, floatOf(a, machine), floatOf(b, machine), machine);
}
function floatOf(value, machine) {
	const float = Number(value);
	if (typeof value === "bigint" && !Number.isFinite(float)) machine.fail("int too large to convert to float");
	return float;
}
function onInts(operator, a, b, machine) {
	switch (operator) {
		case "+": return bounded(a + b, machine);
		case "-": return bounded(a - b, machine);
		case "*": return bounded(a * b, machine);
		case "/": return divided(a, b, machine);
		case "//": return floorDivided(a, nonZero(b, machine));
		case "%": return a - floorDivided(a, nonZero(b, machine)) * b;
		case "**": return powerOfInts(a, b, machine);
		case "&": return a & b;
		case "|": return a | b;
		case "^": return a ^ b;
		default: return shifted(operator, a, b, machine);
	}
}
function shifted(operator, a, b, machine) {
	if (operator !== "<<" && operator !== ">>") return void 0;
	if (b < 0n) machine.fail("negative shift count");
	if (operator === ">>") return b > LIMITS.bits ? a < 0n ? -1n : 0n : a >> b;
	return a === 0n ? 0n : b > LIMITS.bits ? tooBig(machine) : bounded(a << b, machine);
}
function bounded(value, machine) {
	return value >> BigInt(LIMITS.bits) === 0n || value >> BigInt(LIMITS.bits) === -1n ? value : tooBig(machine);
}
function tooBig(machine) {
	return machine.refuse(`a whole number has more than ${LIMITS.bits} bits`, "write a smaller number");
}
function nonZero(value, machine) {
	return value === 0n ? machine.fail("division by zero") : value;
}
function floorDivided(a, b) {
	const quotient = a / b;
	return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}
/** Rounded once: the quotient has more bits than a float keeps, and the last one says whether anything was left. */
function divided(a, b, machine) {
	nonZero(b, machine);
	const [x, y] = [Number(a), Number(b)];
	if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return x / y;
	const size = (value) => (value < 0n ? -value : value).toString(2).length;
	const shift = BigInt(Math.max(0, size(b) - size(a) + 66));
	const [above, below] = [a < 0n ? -a : a, b < 0n ? -b : b];
	const quotient = (above << shift) / below;
	const isExact = quotient * below === above << shift;
	const float = Number(isExact ? quotient : quotient | 1n) / 2 ** Number(shift);
	if (!Number.isFinite(float)) machine.fail("integer division result too large for a float");
	return a < 0n !== b < 0n ? -float : float;
}
function powerOfInts(a, b, machine) {
	if (b < 0n) return powerOfFloats(floatOf(a, machine), floatOf(b, machine), machine);
	if (a === 0n || a === 1n || b === 0n) return b === 0n ? 1n : a;
	if (a === -1n) return b % 2n === 0n ? 1n : -1n;
	if (b > LIMITS.bits || BigInt((a < 0n ? -a : a).toString(2).length - 1) * b > LIMITS.bits) tooBig(machine);
	return bounded(a ** b, machine);
}
function onFloats(operator, a, b, machine) {
	switch (operator) {
		case "+": return a + b;
		case "-": return a - b;
		case "*": return a * b;
		case "/": return b === 0 ? machine.fail("float division by zero") : a / b;
		case "//": return divmodOfFloats(a, b, machine)[0];
		case "%": return divmodOfFloats(a, b, machine)[1];
		case "**": return powerOfFloats(a, b, machine);
		default: return;
	}
}
function divmodOfFloats(a, b, machine) {
	if (b === 0) machine.fail("float floor division by zero");
	let rest = a % b;
	let quotient = (a - rest) / b;
	if (rest === 0) rest = b < 0 ? -0 : 0;
	else if (rest < 0 !== b < 0) {
		rest += b;
		quotient -= 1;
	}
	if (quotient === 0) return [Object.is(a / b, -0) || a / b < 0 ? -0 : 0, rest];
	const floor = Math.floor(quotient);
	return [quotient - floor > .5 ? floor + 1 : floor, rest];
}
function powerOfFloats(a, b, machine) {
	if (a === 0 && b < 0) machine.fail("0.0 cannot be raised to a negative power");
	if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) machine.refuse("a complex number is no value of a config", "write a real number");
	if (a === 1 || a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1;
	const power = a ** b;
	if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b)) machine.fail("numerical result out of range");
	return power;
}
var init_numbers = __esmMin((() => {
	init_machine();
}));
// src/config/python/format-spec.ts
function parseSpec(text, value, machine) {
	const found = PATTERN.exec(text);
	if (found === null) return machine.fail(`Invalid format specifier '${text}' for a '${typeName(value)}'`);
	const [, fill, align, sign = "", alternate, zero, width = "0", grouping = "", precision, type = ""] = found;
	if (Number(precision ?? 0) > MAX_PRECISION && typeof value !== "string") machine.refuse(`a precision of ${precision}`, `write at most ${MAX_PRECISION}`);
	const isNumber = numeric(value) !== void 0;
	return {
		fill: fill ?? (zero === void 0 ? " " : "0"),
		align: align ?? (zero !== void 0 && isNumber ? "=" : isNumber ? ">" : "<"),
		sign,
		alternate: alternate !== void 0,
		width: Number(width),
		grouping,
		precision: precision === void 0 ? void 0 : Number(precision),
		type
	};
}
/** `format(value, text)`; `plain` is the value's `str`. */
function formatValue(value, text, plain, machine) {
	if (text === "") return plain;
	const spec = parseSpec(text, value, machine);
	machine.text(spec.width);
	const number = numeric(value);
	const isText = typeof value === "string";
	if (number === void 0 || typeof value === "boolean" && spec.type === "s") {
		if (!isText) return machine.fail(`unsupported format string passed to ${typeName(value)}.__format__`);
		if (!/^s?$/.test(spec.type) || spec.align === "=" || spec.grouping !== "" || spec.alternate || spec.sign !== "") machine.fail(`format '${text}' does not fit a 'str'`);
		return padded(spec.precision === void 0 ? value : [...value].slice(0, spec.precision).join(""), "", spec);
	}
	return formatNumber(typeof value === "boolean" ? value ? 1n : 0n : number, spec, machine);
}
function formatNumber(value, spec, machine) {
	const isFloat = /^[eEfFgG%]$/.test(spec.type) || typeof value === "number" && /^n?$/.test(spec.type);
	const negative = typeof value === "number" ? value < 0 || Object.is(value, -0) : value < 0n;
	const body = isFloat ? floatBody(floatOf(value, machine), spec) : intBody(value, spec, machine);
	const sign = negative ? "-" : spec.sign.replace("-", "");
	const prefix = spec.alternate && /^[box]$/i.test(spec.type) && !isFloat ? `0${spec.type}` : "";
	return padded(grouped(body, sign + prefix, spec), sign + prefix, spec);
}
function intBody(value, spec, machine) {
	if (typeof value !== "bigint") return machine.fail(`Unknown format code '${spec.type}' for object of type 'float'`);
	if (spec.precision !== void 0) machine.fail("Precision not allowed in integer format specifier");
	const size = value < 0n ? -value : value;
	if (spec.type === "c") {
		const code = Number(value);
		return code >= 0 && code <= 1114111 ? String.fromCodePoint(code) : machine.fail("%c arg not in range(0x110000)");
	}
	const bases = {
		b: 2,
		o: 8,
		x: 16,
		X: 16
	};
	if (!(spec.type === "" || /^[bdoxXn]$/.test(spec.type))) machine.fail(`Unknown format code '${spec.type}' for object of type 'int'`);
	const text = size.toString(bases[spec.type] ?? 10);
	return spec.type === "X" ? text.toUpperCase() : text;
}
function floatBody(value, spec) {
	const { type, precision = 6 } = spec;
	const upper = /^[EFG]$/.test(type);
	const text = finiteBody(value, spec, precision);
	return upper ? text.toUpperCase() : text;
}
function finiteBody(value, spec, precision) {
	const type = spec.type.toLowerCase();
	const mark = type === "%" ? "%" : "";
	if (!Number.isFinite(value)) return (Number.isNaN(value) ? "nan" : "inf") + mark;
	const point = spec.alternate ? "." : "";
	if (type === "%") return `${withPoint(fixedDigits(value * 100, precision), point)}%`;
	if (type === "f") return withPoint(fixedDigits(value, precision), point);
	if (type === "e") return exponential(value, precision, point);
	if (type === "" && spec.precision === void 0) return floatText(Math.abs(value));
	return general(value, Math.max(1, precision), spec);
}
function withPoint(digits, point) {
	return digits.includes(".") ? digits : digits + point;
}
function exponential(value, precision, point) {
	const { digits, exponent } = significantDigits(value, precision + 1);
	const rest = digits.slice(1);
	return `${digits[0]}${rest === "" ? point : `.${rest}`}${power(exponent)}`;
}
function power(exponent) {
	return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
/** `g`, and a precision without a type: fixed or with a power of ten, by size; zeros at the end are left out. */
function general(value, precision, { type, alternate }) {
	const { digits, exponent } = significantDigits(value, precision);
	const isFixed = exponent >= -4 && exponent < (type === "" ? precision - 1 : precision);
	const trimmed = alternate ? digits : digits.replace(/0+$/, "") || "0";
	if (!isFixed) {
		const rest = trimmed.slice(1);
		return `${trimmed[0]}${rest === "" ? "" : `.${rest}`}${power(exponent)}`;
	}
	const fixed = fixedDigits(value, Math.max(0, precision - 1 - exponent));
	if (alternate) return fixed.includes(".") ? fixed : `${fixed}.`;
	const short = fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
	return type === "" && !short.includes(".") ? `${short}.0` : short;
}
/** Commas between thousands; zeros that fill a width are grouped too. */
function grouped(body, sign, { grouping, fill, align, width, type }) {
	if (grouping === "") return body;
	const [, whole = "", rest = ""] = /^([0-9a-fA-F]*)([\s\S]*)$/.exec(body) ?? [];
	const size = grouping === "_" && /^[boxX]$/.test(type) ? 4 : 3;
	const split = (digits) => digits.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, "g"), grouping);
	let digits = whole;
	if (fill === "0" && align === "=") while (sign.length + split(digits).length + rest.length < width) digits = `0${digits}`;
	return split(digits) + rest;
}
function padded(body, sign, { fill, align, width }) {
	const missing = Math.max(0, width - lengthOf(sign + body));
	if (align === "=") return sign + fill.repeat(missing) + body;
	const left = align === ">" ? missing : align === "^" ? Math.floor(missing / 2) : 0;
	return fill.repeat(left) + sign + body + fill.repeat(missing - left);
}
var PATTERN, MAX_PRECISION;
var init_format_spec = __esmMin((() => {
	init_access();
	init_decimals();
	init_numbers();
	init_values();
	PATTERN = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;
	MAX_PRECISION = 400;
}));
// src/config/python/repr.ts
function str(value, machine) {
	return typeof value === "string" ? value : repr(value, machine);
}
function repr(value, machine) {
	const text = machine.deeper(() => textOf$2(value, machine));
	machine.text(text.length);
	return text;
}
function textOf$2(value, machine) {
	if (value === null) return "None";
	if (typeof value === "boolean") return value ? "True" : "False";
	if (typeof value === "bigint") return value.toString();
	if (typeof value === "number") return floatText(value);
	if (typeof value === "string") return quoted(value, machine);
	if (value instanceof Bytes) return `b${quoted(value.text, machine).replace(/[\x80-\xff]/g, hexByte)}`;
	const each = (items) => [...items].map((item) => repr(item, machine)).join(", ");
	if (value instanceof List) return `[${each(iterate(value, machine))}]`;
	if (value instanceof Tuple) return `(${each(value.items)}${value.items.length === 1 ? "," : ""})`;
	if (value instanceof Dict) return `{${[...value.entries.values()].map((one) => `${repr(one.key, machine)}: ${repr(one.value, machine)}`).join(", ")}}`;
	if (value instanceof View) return `dict_${value.kind}([${each(iterate(value, machine))}])`;
	if (value instanceof PySet) return setText(value, each(value.items.values()));
	if (value instanceof Range) {
		const { start, stop, step } = value;
		return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
	}
	return objectText(value, machine);
}
function setText({ frozen, items }, inner) {
	if (frozen) return items.size === 0 ? "frozenset()" : `frozenset({${inner}})`;
	return items.size === 0 ? "set()" : `{${inner}}`;
}
/** What Python shows with an address in memory has no text that a config could depend on. */
function objectText(value, machine) {
	if (value instanceof Imported && !value.isModule) return `<class '${value.dotted}'>`;
	if (value instanceof Builtin) return `<class '${value.name}'>`;
	const what = value instanceof DefinedFunction ? `function ${value.name}` : typeName(value);
	return machine.refuse(`a ${what} has no text`, "name a value that is data");
}
/** With escapes, in single quotes where that needs none of them escaped. */
function quoted(text, machine) {
	machine.text(text.length);
	const quote = text.includes("'") && !text.includes("\"") ? "\"" : "'";
	const body = text.replace(/[\\\p{C}\p{Z}]/gu, (letter) => letter === " " ? letter : NAMED[letter] ?? escapeOf(letter));
	return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}
function escapeOf(letter) {
	const code = letter.codePointAt(0);
	const hex = (width) => code.toString(16).padStart(width, "0");
	if (code < 256) return `\\x${hex(2)}`;
	return code < 65536 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
/** `ascii()`: what is not ASCII escaped too. */
function ascii(value, machine) {
	return repr(value, machine).replace(/[^\0-\x7f]/gu, escapeOf);
}
var hexByte, NAMED;
var init_repr = __esmMin((() => {
	init_access();
	init_decimals();
	init_values();
	hexByte = (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`;
	NAMED = {
		"\n": "\\n",
		"\r": "\\r",
		"	": "\\t",
		"\\": "\\\\"
	};
}));
// src/config/python/format-text.ts
function converted(value, conversion, machine) {
	if (conversion === "r") return repr(value, machine);
	if (conversion === "a") return ascii(value, machine);
	return conversion === "s" ? str(value, machine) : value;
}
function formatted(value, spec, machine) {
	const text = formatValue(value, spec, str(value, machine), machine);
	machine.text(text.length);
	return text;
}
/** Fields are numbered or named, and followed by `[key]`s; attributes are not read. */
function formatTemplate(template, fields, machine) {
	let automatic = 0;
	const fill = (text) => {
		return splitFields(text, machine).map((part) => {
			if (typeof part === "string") return part;
			const { name, conversion, spec } = part;
			const [head = "", ...keys] = name.split(/(?=\[)/);
			const number = head === "" ? automatic++ : Number(head);
			const value = /^\d*$/.test(head) ? fields.args[number] : fields.named(head);
			if (value === void 0) return machine.fail(`format() has no value for "{${name}}"`);
			return formatted(converted(keys.reduce((from, key) => fieldItem(from, key, machine), value), conversion, machine), machine.deeper(() => fill(spec)), machine);
		}).join("");
	};
	return fill(template);
}
function splitFields(text, machine) {
	machine.text(text.length);
	const parts = [];
	for (let at = 0; at < text.length;) {
		const two = text.slice(at, at + 2);
		if (two === "{{" || two === "}}") {
			parts.push(two[0]);
			at += 2;
		} else if (text[at] === "{") {
			const end = closingBrace(text, at, machine);
			parts.push(fieldOf(text.slice(at + 1, end), machine));
			at = end + 1;
		} else if (text[at] === "}") machine.fail("Single '}' encountered in format string");
		else {
			const [plain = ""] = /[^{}]+/.exec(text.slice(at)) ?? [];
			parts.push(plain);
			at += plain.length;
		}
	}
	return parts;
}
function closingBrace(text, from, machine) {
	for (let at = from, depth = 0; at < text.length; at++) {
		if (text[at] === "{") depth += 1;
		if (text[at] === "}" && --depth === 0) return at;
	}
	return machine.fail("Single '{' encountered in format string");
}
function fieldOf(text, machine) {
	const [, name = "", conversion, spec = ""] = /^([^!:]*)(?:!(.))?(?::([\s\S]*))?$/.exec(text) ?? [];
	if (!/^[^.[\]{}]*(\[[^\]]+\])*$/.test(name)) machine.refuse(`"{${text}}" is no field of data`, "use {name} or {name[key]}");
	return {
		name,
		conversion,
		spec
	};
}
function fieldItem(from, part, machine) {
	const key = part.slice(1, -1);
	const isIndex = /^\d+$/.test(key);
	const value = from instanceof Dict ? getItem(from, isIndex ? BigInt(key) : key, machine) : (from instanceof List || from instanceof Tuple) && isIndex ? from.items[Number(key)] : typeof from === "string" && isIndex ? characters(from)[Number(key)] : void 0;
	return value === void 0 ? machine.fail(`'${typeName(from)}' has no item ${part}`) : value;
}
/** `template % values` */
function formatPercent(template, values, machine) {
	machine.text(template.length);
	const args = values instanceof Tuple ? [...values.items] : [values];
	let used = 0;
	const isNamed = /%\([^)]*\)/.test(template);
	const next = () => args[used++] ?? (used > args.length ? machine.fail("not enough arguments for format string") : null);
	const number = (text) => text === "*" ? Number(next()) : text === void 0 ? void 0 : Number(text);
	const text = template.replace(PERCENT, (_whole, name, flags, width, precision, type = "") => {
		if (type === "%") return "%";
		const asked = {
			flags,
			width: number(width) ?? 0,
			precision: number(precision),
			type
		};
		const made = percentField(name === void 0 ? next() : namedValue(values, name, machine), asked, machine);
		machine.text(made.length);
		return made;
	});
	if (!isNamed && used < args.length && !(values instanceof Dict || values instanceof List)) machine.fail("not all arguments converted during string formatting");
	return text;
}
function namedValue(values, name, machine) {
	const value = values instanceof Dict ? getItem(values, name, machine) : machine.fail("format requires a mapping");
	return value === void 0 ? machine.fail(`KeyError: '${name}'`) : value;
}
function percentField(value, { flags, width, precision, type }, machine) {
	const has = (flag) => flags.includes(flag);
	machine.text(width + Math.min(precision ?? 0, 400));
	if (/^[sra]$/.test(type)) {
		const whole = str(converted(value, type, machine), machine);
		return widened$1(precision === void 0 ? whole : [...whole].slice(0, precision).join(""), width, has("-"));
	}
	if (type === "c" && typeof value === "string" && lengthOf(value) === 1) return widened$1(value, width, has("-"));
	const given = numeric(value);
	if (given === void 0 || !/^[diufFeEgGxXoc]$/.test(type)) return machine.fail(`%${type} does not fit a '${typeName(value)}'`);
	const isInt = /^[diuxXoc]$/.test(type);
	if (isInt && typeof given === "number" && (/^[xXoc]$/.test(type) || !Number.isFinite(given))) return machine.fail(`%${type} format: an integer is required, not float`);
	const spec = {
		fill: has("0") && !has("-") ? "0" : " ",
		align: has("-") ? "<" : has("0") ? "=" : ">",
		sign: has("+") ? "+" : has(" ") ? " " : "-",
		alternate: has("#"),
		width,
		grouping: "",
		precision: isInt ? void 0 : precision,
		type: /^[diu]$/.test(type) ? "d" : type
	};
	if (isInt && precision !== void 0) return machine.refuse(`"%.${precision}${type}" is not read`, "use an f-string");
	return formatNumber(isInt && typeof given === "number" ? BigInt(Math.trunc(given)) : given, spec, machine);
}
function widened$1(text, width, toTheLeft) {
	const blanks = " ".repeat(Math.max(0, width - lengthOf(text)));
	return toTheLeft ? text + blanks : blanks + text;
}
var PERCENT;
var init_format_text = __esmMin((() => {
	init_access();
	init_format_spec();
	init_repr();
	init_values();
	PERCENT = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?([a-zA-Z%])?/g;
}));
// src/config/python/operators.ts
function binary(operator, a, b, machine) {
	const [x, y] = [numeric(a), numeric(b)];
	if (x !== void 0 && y !== void 0) {
		if (typeof a === "boolean" && typeof b === "boolean" && /^[&|^]$/.test(operator)) return operator === "&" ? a && b : operator === "|" ? a || b : a !== b;
		return arithmetic(operator, x, y, machine) ?? unsupported(operator, a, b, machine);
	}
	if (operator === "+") return add(a, b, machine);
	if (operator === "*") return repeated(a, b, machine);
	if (operator === "%" && typeof a === "string") return formatPercent(a, b, machine);
	if (operator === "|" && a instanceof Dict && b instanceof Dict) {
		const merged = copyOfDict(a, { machine });
		for (const [hash, entry] of b.entries) merged.entries.set(hash, { ...entry });
		machine.items(b.entries.size);
		return merged;
	}
	const [left, right] = [asSet(a, machine), asSet(b, machine)];
	if (left !== void 0 && right !== void 0) return combined(left, right, operator, machine);
	return unsupported(operator, a, b, machine);
}
/** Sets, and views of keys or items as sets. */
function asSet(value, machine) {
	if (value instanceof PySet) return value;
	return value instanceof View && value.kind !== "values" ? setOf(iterate(value, machine), machine) : void 0;
}
function unsupported(operator, a, b, machine) {
	const imported = [a, b].find((one) => one instanceof Imported);
	if (imported !== void 0) machine.refuse(`${imported.dotted} is imported, not run: it has no value here`, "write the value itself");
	return machine.fail(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}
function add(a, b, machine) {
	const [x, y] = [numeric(a), numeric(b)];
	if (x !== void 0 && y !== void 0) return arithmetic("+", x, y, machine);
	if (typeof a === "string" && typeof b === "string") {
		machine.text(a.length + b.length);
		return a + b;
	}
	const isList = a instanceof List && b instanceof List;
	if (isList || a instanceof Tuple && b instanceof Tuple) {
		machine.items(a.items.length + b.items.length);
		const items = [...a.items, ...b.items];
		return isList ? new List(items) : new Tuple(items);
	}
	if (a instanceof Bytes && b instanceof Bytes) {
		machine.text(a.text.length + b.text.length);
		return new Bytes(a.text + b.text);
	}
	return unsupported("+", a, b, machine);
}
function repeated(a, b, machine) {
	const [x, y] = [numeric(a), numeric(b)];
	if (typeof x === "bigint" && y === void 0) return repeated(b, a, machine);
	if (typeof y !== "bigint") return unsupported("*", a, b, machine);
	if (y < -(2n ** 63n)) machine.fail("cannot fit 'int' into an index-sized integer");
	const count = y > 0n ? Number(y) : 0;
	if (typeof a === "string" || a instanceof Bytes) {
		const text = typeof a === "string" ? a : a.text;
		machine.text(text.length * count);
		return typeof a === "string" ? text.repeat(text === "" ? 0 : count) : new Bytes(text.repeat(text === "" ? 0 : count));
	}
	if (!(a instanceof List || a instanceof Tuple)) return unsupported("*", a, b, machine);
	machine.items(a.items.length * count);
	const items = [];
	for (let round = 0; a.items.length > 0 && round < count; round++) for (const item of a.items) items.push(item);
	return a instanceof List ? new List(items) : new Tuple(items);
}
/** `==`, `<`, `in`, `is` and their like. */
function test(operator, a, b, machine) {
	switch (operator) {
		case "==": return isEqual(a, b, machine);
		case "!=": return !isEqual(a, b, machine);
		case "in": return contains(b, a, machine);
		case "not in": return !contains(b, a, machine);
		case "is": return isSame(a, b);
		case "is not": return !isSame(a, b);
		default: return ordered(operator, a, b, machine);
	}
}
function ordered(operator, a, b, machine) {
	if (a instanceof PySet && b instanceof PySet) {
		const [inner, outer] = operator.startsWith("<") ? [a, b] : [b, a];
		machine.step(inner.items.size);
		return [...inner.items.keys()].every((key) => outer.items.has(key)) && (operator.endsWith("=") || inner.items.size < outer.items.size);
	}
	const order = compare(a, b, operator, machine);
	if (order === void 0) return false;
	return operator === "<" ? order < 0 : operator === "<=" ? order <= 0 : operator === ">" ? order > 0 : order >= 0;
}
function contains(container, item, machine) {
	if (typeof container === "string") {
		machine.step(Math.ceil(container.length / 64));
		if (typeof item === "string") return container.includes(item);
		return machine.fail(`'in <string>' requires string as left operand, not ${typeName(item)}`);
	}
	if (container instanceof Dict) return container.entries.has(keyOf(item, machine));
	if (container instanceof PySet) return container.items.has(keyOf(item, machine));
	if (container instanceof View && container.kind === "keys") return container.dict.entries.has(keyOf(item, machine));
	if (container instanceof Range) return isInRange(container, item);
	for (const one of iterate(container, machine)) if (one === item || isEqual(one, item, machine)) return true;
	return false;
}
function isInRange({ start, step, length }, item) {
	const index = (Number(numeric(item) ?? NaN) - start) / step;
	return Number.isInteger(index) && index >= 0 && index < length;
}
/** Positions that a slice of so many items means. */
function positions(length, bounds, machine) {
	const whole = (value) => {
		const number = value === null ? void 0 : numeric(value);
		if (value !== null && typeof number !== "bigint") machine.fail("slice indices must be integers or None");
		return number === void 0 ? void 0 : Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(number)));
	};
	const step = whole(bounds.step) ?? 1;
	if (step === 0) machine.fail("slice step cannot be zero");
	const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
	const within = (value, fallback) => value === void 0 ? fallback : Math.min(high, Math.max(low, value < 0 ? value + length : value));
	return {
		start: within(whole(bounds.start), step > 0 ? low : high),
		stop: within(whole(bounds.stop), step > 0 ? high : low),
		step
	};
}
function sliceOf(value, bounds, machine) {
	if (value instanceof Range) return new List(collect(sliceOf(new Tuple(collect(value, machine)), bounds, machine), machine));
	const isText = typeof value === "string";
	if (!isText && !(value instanceof List || value instanceof Tuple || value instanceof Bytes)) return machine.fail(`'${typeName(value)}' object is not subscriptable by a slice`);
	const all = isText ? characters(value) : value instanceof Bytes ? value.text : value.items;
	const { start, stop, step } = positions(all.length, bounds, machine);
	const picked = [];
	machine.items(Math.max(0, Math.ceil((stop - start) / step)));
	for (let at = start; step > 0 ? at < stop : at > stop; at += step) picked.push(all[at]);
	if (isText) return picked.join("");
	if (value instanceof Bytes) return new Bytes(picked.join(""));
	return value instanceof List ? new List(picked) : new Tuple(picked);
}
/** `value[index]` */
function itemOf(value, index, machine) {
	if (value instanceof Dict) {
		const found = getItem(value, index, machine);
		return found === void 0 ? machine.fail(`KeyError: ${repr(index, machine)}`) : found;
	}
	if (value instanceof Imported || value instanceof Items) return machine.fail(`'${typeName(value)}' object is not subscriptable`);
	const at = numeric(index);
	if (typeof at !== "bigint") return machine.fail(`an index must be an int, not '${typeName(index)}'`);
	const position = indexWithin(value, Number(at), machine);
	if (typeof value === "string") return characters(value)[position];
	if (value instanceof List || value instanceof Tuple) return value.items[position];
	if (value instanceof Range) return BigInt(value.start + position * value.step);
	return BigInt(value.text.charCodeAt(position));
}
/** The position that an index means, counted from the end where it is negative. */
function indexWithin(value, at, machine) {
	const length = typeof value === "string" ? characters(value).length : value instanceof List || value instanceof Tuple ? value.items.length : value instanceof Range ? value.length : value instanceof Bytes ? value.text.length : machine.fail(`'${typeName(value)}' object is not subscriptable`);
	if (typeof value === "string") machine.step(Math.ceil(length / 64));
	const position = at < 0 ? at + length : at;
	return position >= 0 && position < length ? position : machine.fail(`${typeName(value)} index out of range`);
}
var init_operators = __esmMin((() => {
	init_access();
	init_container_methods();
	init_format_text();
	init_numbers();
	init_repr();
	init_values();
}));
// src/config/python/parse-literals.ts
/** Numbers and strings as Python writes them. */
/** The value of a number; undefined where it is none that a config may hold (imaginary ones). */
function numberOf(text) {
	const plain = text.replaceAll("_", "");
	if (/__|_$|^_|_[.eE]|[.]_/.test(text)) return void 0;
	if (/^0[xob]/i.test(plain)) return attempt$2(() => BigInt(plain.toLowerCase()));
	if (/^0+$/.test(plain)) return 0n;
	if (/^[1-9]\d*$/.test(plain)) return BigInt(plain);
	return /^(\d+\.\d*|\.\d+|\d+)(e[+-]?\d+)?$/i.test(plain) && !/^0\d*$/.test(plain) ? Number(plain) : void 0;
}
function attempt$2(make) {
	try {
		return make();
	} catch {
		return;
	}
}
/** Undefined where the string is not closed. */
function literalOf(text) {
	const found = /^([a-zA-Z]*)("""|'''|"|')/.exec(text);
	if (found === null) return void 0;
	const [head, prefix = "", quote = ""] = found;
	if (text.length < head.length + quote.length || !text.endsWith(quote)) return void 0;
	const body = text.slice(head.length, text.length - quote.length);
	if (/(?:^|[^\\])(?:\\\\)*\\$/.test(body)) return void 0;
	if (quote.length === 1 && /(?:^|[^\\])(?:\\\\)*[\r\n]/.test(body)) return void 0;
	const letters = prefix.toLowerCase();
	return {
		raw: letters.includes("r"),
		bytes: letters.includes("b"),
		body,
		from: head.length
	};
}
/** The text that escapes stand for. Throws an Error that says what is wrong. */
function unescaped(body, { raw, bytes }) {
	const text = body.replace(/\r\n?/g, "\n");
	if (bytes && /[^\0-\x7f]/.test(text)) throw new Error("bytes hold ASCII characters only");
	if (raw) return text;
	const pattern = bytes ? /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{0,2})|([\s\S]))/g : /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|N(\{[^}]*\})?|([\s\S]))/g;
	return text.replace(pattern, (whole, octal, ...groups) => {
		if (octal !== void 0) return String.fromCodePoint(Number.parseInt(octal, 8) & (bytes ? 255 : 511));
		if (whole[1] === "N" && !bytes) throw new Error("characters by name (\\N{…}) are not read: write the character itself");
		const other = bytes ? groups[1] : groups[4];
		if (other !== void 0) return Object.hasOwn(SIMPLE, other) ? SIMPLE[other] : whole;
		return codePoint(whole);
	});
}
function codePoint(sequence) {
	const digits = sequence.slice(2);
	const code = Number.parseInt(digits, 16);
	if (digits.length !== LENGTHS[sequence[1]] || code > 1114111) throw new Error(`"${sequence}" is no character`);
	return String.fromCodePoint(code);
}
var SIMPLE, LENGTHS;
var init_parse_literals = __esmMin((() => {
	SIMPLE = {
		n: "\n",
		t: "	",
		r: "\r",
		"\\": "\\",
		"'": "'",
		"\"": "\"",
		a: "\x07",
		b: "\b",
		f: "\f",
		v: "\v",
		"\n": ""
	};
	LENGTHS = {
		x: 2,
		u: 4,
		U: 8
	};
}));
// src/config/python/builtins.ts
function optionalItems(call) {
	const [items] = take(call, "iterable?");
	return items === void 0 ? [] : collect(items, call.machine);
}
function rangeOf$1(call) {
	const [first, second, third = 1n] = take(call, "start", "stop?", "step?");
	const bound = (value) => indexArgument(value, call);
	const step = bound(third);
	if (step === 0) call.machine.fail("range() arg 3 must not be zero");
	return second === void 0 ? new Range(0, bound(first), 1) : new Range(bound(first), bound(second), step);
}
function numberArgument(value, call) {
	return (value === void 0 ? void 0 : numeric(value)) ?? call.machine.fail(`${call.name}() needs a number, not '${typeName(value)}'`);
}
function intOf(call) {
	const [value = 0n, base] = take(call, "x?", "base?");
	const { machine } = call;
	if (typeof value === "string") return intFromText(value, base === void 0 ? 10 : indexArgument(base, call), call);
	const number = numberArgument(value, call);
	if (typeof number === "bigint") return number;
	if (!Number.isFinite(number)) return machine.fail("cannot convert float infinity or NaN to integer");
	return BigInt(Math.trunc(number));
}
function intFromText(text, base, call) {
	const fail = () => call.machine.fail(`invalid literal for int() with base ${base}: ${repr(text, call.machine)}`);
	const [, sign = "", digits = ""] = /^\s*([+-]?)(\w+)\s*$/.exec(text) ?? [];
	if (digits.length > 1200 || base < 2 || base > 36) return digits.length > 1200 ? call.machine.refuse("a number of so many digits", "write a smaller number") : fail();
	const prefix = {
		16: /^0x/i,
		8: /^0o/i,
		2: /^0b/i
	}[base] ?? /^$/;
	const plain = digits.replace(prefix, "");
	if (plain === "" || /^_|__|_$/.test(digits)) return fail();
	let value = 0n;
	for (const digit of plain.replaceAll("_", "")) {
		const one = Number.parseInt(digit, 36);
		if (Number.isNaN(one) || one >= base) return fail();
		value = value * BigInt(base) + BigInt(one);
	}
	return sign === "-" ? -value : value;
}
function floatFrom(call) {
	const [value = 0n] = take(call, "x?");
	if (typeof value !== "string") return floatOf(numberArgument(value, call), call.machine);
	const [, sign = "", body = ""] = /^\s*([+-]?)(\S+)\s*$/.exec(value) ?? [];
	const words = {
		inf: Infinity,
		infinity: Infinity,
		nan: NaN
	};
	const word = body.toLowerCase();
	const number = Object.hasOwn(words, word) ? words[word] : numberOf(body.replace(/^0+(?=\d)/, ""));
	if (number === void 0 || /^0[xob]/i.test(body)) return call.machine.fail(`could not convert string to float: ${repr(value, call.machine)}`);
	return (sign === "-" ? -1 : 1) * Number(number);
}
/** Half to even, by the exact value of a float. */
function rounded(call) {
	const [value, digits = null] = take(call, "number", "ndigits?");
	const number = numberArgument(value, call);
	const places = digits === null ? 0 : indexArgument(digits, call);
	if (Math.abs(places) > 400) return call.machine.refuse(`rounding to ${places} digits`, "round to fewer");
	if (typeof number === "bigint") {
		const unit = places < 0 ? 10n ** BigInt(-places) : 1n;
		const size = divideHalfEven(number < 0n ? -number : number, unit) * unit;
		return number < 0n ? -size : size;
	}
	if (digits === null) {
		if (!Number.isFinite(number)) return call.machine.fail("cannot convert float infinity or NaN to integer");
		const whole = divideHalfEven(...fractionOf(number));
		return number < 0 ? -whole : whole;
	}
	if (!Number.isFinite(number)) return number;
	const size = places >= 0 ? Number(fixedDigits(number, places)) : Number(roundedWhole(number, -places));
	return number < 0 || Object.is(number, -0) ? -size : size;
}
function roundedWhole(number, places) {
	const [numerator, denominator] = fractionOf(number);
	const unit = 10n ** BigInt(places);
	return divideHalfEven(numerator, denominator * unit) * unit;
}
function* enumerated(items, start, { machine }) {
	let index = BigInt(start);
	for (const item of iterate(items, machine)) yield new Tuple([index++, item]);
}
function* zipped(call) {
	const { machine, args, keywords } = call;
	for (const name of keywords.keys()) if (name !== "strict") machine.fail(`zip() got an unexpected keyword argument '${name}'`);
	const sources = args.map((one) => iterate(one, machine));
	while (sources.length > 0) {
		const row = [];
		for (const source of sources) {
			const next = source.next();
			if (next.done) return;
			row.push(next.value);
		}
		machine.items(row.length);
		yield new Tuple(row);
	}
}
function* mapped({ machine, args, invoke }) {
	const [callee, ...lists] = args;
	if (callee === void 0 || lists.length === 0) machine.fail("map() must have at least two arguments.");
	const sources = lists.map((one) => iterate(one, machine));
	for (;;) {
		const row = sources.map((source) => source.next());
		if (row.some(({ done }) => done)) return;
		yield invoke(callee, row.map(({ value }) => value));
	}
}
function* filtered(call) {
	const [test, items] = take(call, "function", "iterable");
	for (const item of iterate(items, call.machine)) if (isTrue(test === null ? item : call.invoke(test, [item]))) yield item;
}
function inBase(call, base, prefix) {
	const [value] = take(call, "number");
	const number = value === void 0 ? void 0 : numeric(value);
	if (typeof number !== "bigint") return call.machine.fail(`${call.name}() needs an int`);
	return `${number < 0n ? "-" : ""}${prefix}${(number < 0n ? -number : number).toString(base)}`;
}
/** Names of built-in types that a value is an instance of. */
function isInstance(value, types, call) {
	if (types instanceof Tuple) return types.items.some((one) => isInstance(value, one, call));
	if (!(types instanceof Builtin)) return call.machine.refuse("isinstance() of what is no built-in type", "compare values instead");
	const own = typeName(value);
	return own === types.name || own === "bool" && types.name === "int";
}
var FORBIDDEN$1, FUNCTIONS$1, BUILTINS;
var init_builtins = __esmMin((() => {
	init_access();
	init_arguments();
	init_container_methods();
	init_decimals();
	init_format_text();
	init_numbers();
	init_operators();
	init_parse_literals();
	init_repr();
	init_sorting();
	init_values();
	FORBIDDEN$1 = new Set("__import__ open exec eval compile input getattr setattr delattr hasattr vars dir type object super property classmethod staticmethod memoryview bytearray bytes id hash help breakpoint exit quit complex callable issubclass aiter anext slice __build_class__ __loader__ __spec__ __builtins__".split(" "));
	FUNCTIONS$1 = {
		dict: (call) => {
			const dict = new Dict(call.machine.place);
			fillDict(dict, call);
			return dict;
		},
		list: (call) => new List(optionalItems(call)),
		tuple: (call) => new Tuple(optionalItems(call)),
		set: (call) => setOf(optionalItems(call), call.machine),
		frozenset: (call) => setOf(optionalItems(call), call.machine, true),
		range: rangeOf$1,
		len: (call) => BigInt(sizeOf(take(call, "obj")[0], call.machine)),
		str: (call) => {
			const [value = ""] = take(call, "object?");
			return str(value, call.machine);
		},
		repr: (call) => repr(take(call, "obj")[0], call.machine),
		ascii: (call) => ascii(take(call, "obj")[0], call.machine),
		int: intOf,
		float: floatFrom,
		bool: (call) => isTrue(take(call, "x?")[0] ?? null),
		abs: (call) => {
			const value = numberArgument(take(call, "x")[0], call);
			return value < 0 || Object.is(value, -0) ? -value : value;
		},
		round: rounded,
		divmod: (call) => {
			const [a, b] = take(call, "a", "b");
			return new Tuple(["//", "%"].map((operator) => binary(operator, a, b, call.machine)));
		},
		pow: (call) => {
			const [a, b] = take(call, "base", "exp");
			return binary("**", a, b, call.machine);
		},
		sum: (call) => {
			const [items, start = 0n] = take(call, "iterable", "start?");
			let total = start;
			if (typeof start === "string") call.machine.fail("sum() can't sum strings [use ''.join(seq) instead]");
			for (const item of iterate(items, call.machine)) total = add(total, item, call.machine);
			return total;
		},
		min: (call) => extreme(call, "<"),
		max: (call) => extreme(call, ">"),
		any: (call) => {
			for (const item of iterate(take(call, "iterable")[0], call.machine)) if (isTrue(item)) return true;
			return false;
		},
		all: (call) => {
			for (const item of iterate(take(call, "iterable")[0], call.machine)) if (!isTrue(item)) return false;
			return true;
		},
		sorted: (call) => {
			const [items, key, reverse] = take(call, "iterable", "key?", "reverse?");
			return new List(sorted(items, {
				key,
				reverse
			}, call));
		},
		reversed: (call) => {
			const [value] = take(call, "sequence");
			sizeOf(value, call.machine);
			return new Items(collect(value, call.machine).reverse().values());
		},
		enumerate: (call) => {
			const [items, start = 0n] = take(call, "iterable", "start?");
			return new Items(enumerated(items, indexArgument(start, call), call));
		},
		zip: (call) => new Items(zipped(call)),
		map: (call) => new Items(mapped(call)),
		filter: (call) => new Items(filtered(call)),
		iter: (call) => new Items(iterate(take(call, "iterable")[0], call.machine)),
		next: (call) => {
			const [items, fallback] = take(call, "iterator", "default?");
			if (!(items instanceof Items)) return call.machine.fail(`'${typeName(items)}' object is not an iterator`);
			const next = items.iterator.next();
			if (!next.done) return next.value;
			return fallback === void 0 ? call.machine.fail("StopIteration") : fallback;
		},
		chr: (call) => {
			const code = indexArgument(take(call, "i")[0], call);
			return code >= 0 && code <= 1114111 ? String.fromCodePoint(code) : call.machine.fail("chr() arg not in range(0x110000)");
		},
		ord: (call) => {
			const letters = [...textArgument(take(call, "c")[0], call)];
			return letters.length === 1 ? BigInt(letters[0].codePointAt(0)) : call.machine.fail("ord() expected a character");
		},
		hex: (call) => inBase(call, 16, "0x"),
		oct: (call) => inBase(call, 8, "0o"),
		bin: (call) => inBase(call, 2, "0b"),
		format: (call) => {
			const [value, spec = ""] = take(call, "value", "format_spec?");
			return formatted(value, textArgument(spec, call), call.machine);
		},
		isinstance: (call) => {
			const [value, types] = take(call, "obj", "class_or_tuple");
			return isInstance(value, types, call);
		},
		print: () => null
	};
	BUILTINS = new Map(Object.entries(FUNCTIONS$1).map(([name, call]) => [name, new Builtin(name, call)]));
}));
// src/config/python/names.ts
function lookUp(name, scope, machine) {
	for (let at = scope; at !== void 0; at = at.outer) {
		const isGlobal = at.shared?.get(name) === "global";
		const value = (isGlobal ? scope.globals : at.variables).text(name);
		if (value !== void 0) return value;
		if (isGlobal) break;
		if (at.own?.has(name)) machine.fail(`local variable '${name}' is used before it has a value`);
	}
	if (name === "globals") return GLOBALS;
	if (name === "locals") return LOCALS;
	return BUILTINS.get(name) ?? unknownName$1(name, scope, machine);
}
function unknownName$1(name, { globals }, machine) {
	if (FORBIDDEN$1.has(name)) machine.refuse(`'${name}' may not be used in it`, "a Python config is read, not run: keep to data, or use a TypeScript config, which may compute");
	const near = nearest$2(name, [...[...globals.entries.values()].map(({ key }) => String(key)), ...BUILTINS.keys()]);
	return machine.fail(`name '${name}' is not defined${near === void 0 ? "" : `; did you mean '${near}'?`}`);
}
function setName(name, value, scope, place) {
	variablesOf(name, scope).setText(name, value, place);
}
function deleteName(name, scope, machine) {
	if (!variablesOf(name, scope).deleteText(name)) machine.fail(`name '${name}' is not defined`);
}
function variablesOf(name, scope) {
	const shared = scope.shared?.get(name);
	if (shared === "global") return scope.globals;
	if (shared === void 0) return scope.variables;
	let outer = scope.outer;
	while (outer !== void 0 && !outer.own?.has(name)) outer = outer.outer;
	return (outer ?? scope).variables;
}
/** The scope that `:=` sets its name in. */
function holderOf(scope) {
	let at = scope;
	while (at.isComprehension && at.outer !== void 0) at = at.outer;
	return at;
}
/** Names that the statements of a function set, and those that it shares with what is around it. */
function declaredIn(body) {
	const declared = {
		own: /* @__PURE__ */ new Set(),
		shared: /* @__PURE__ */ new Map()
	};
	collectNames(body, declared);
	for (const name of declared.shared.keys()) declared.own.delete(name);
	return declared;
}
function collectNames(body, into) {
	for (const one of body) if (one.kind === "assign") for (const target of one.targets) addTarget(target, into.own);
	else if (one.kind === "update") addTarget(one.target, into.own);
	else if (one.kind === "def") into.own.add(one.name);
	else if (one.kind === "scope") for (const name of one.names) into.shared.set(name, one.which);
	else if (one.kind === "from") for (const { as } of one.names ?? []) into.own.add(as);
	else if (one.kind === "import") for (const { path, as } of one.modules) into.own.add(as ?? String(path[0]));
	else if (one.kind === "if") {
		for (const branch of one.branches) collectNames(branch.body, into);
		collectNames(one.otherwise, into);
	} else if (one.kind === "for" || one.kind === "while") {
		if (one.kind === "for") addTarget(one.target, into.own);
		collectNames(one.body, into);
		collectNames(one.otherwise, into);
	} else if (one.kind === "bases") collectNames(one.body, into);
}
function addTarget(target, names) {
	if (target.kind === "name") names.add(target.name);
	else if (target.kind === "tuple" || target.kind === "list") for (const item of target.items) addTarget(item, names);
	else if (target.kind === "starred") addTarget(target.value, names);
}
var GLOBALS, LOCALS;
var init_names = __esmMin((() => {
	init_nearest();
	init_builtins();
	init_values();
	GLOBALS = new Builtin("globals", () => null);
	LOCALS = new Builtin("locals", () => null);
}));
// src/config/python/assignments.ts
/** `target = value` */
function assignTo(target, value, scope, evaluator) {
	const { machine } = evaluator;
	machine.step();
	if (target.kind === "name") setName(target.name, value, scope, machine.place);
	else if (target.kind === "tuple" || target.kind === "list") unpack(target.items, value, scope, evaluator);
	else if (target.kind === "item") setAt(target, value, scope, evaluator);
	else {
		machine.at = target.at;
		const what = target.kind === "attribute" ? `attribute '${target.name}'` : target.kind;
		machine.refuse(`nothing can be assigned to a ${what}`, "assign to a name or an item, e.g. x[\"key\"]");
	}
}
function unpack(targets, value, scope, evaluator) {
	const { machine } = evaluator;
	const items = collect(value, machine);
	const star = targets.findIndex(({ kind }) => kind === "starred");
	if (!(star < 0 ? items.length === targets.length : items.length >= targets.length - 1)) machine.fail(`${items.length} values cannot be unpacked into ${targets.length} names`);
	const after = star < 0 ? 0 : targets.length - star - 1;
	targets.forEach((target, index) => {
		if (target.kind === "starred") {
			const rest = items.slice(star, items.length - after);
			evaluator.assign(target.value, new List(rest), scope);
		} else {
			const from = star >= 0 && index > star ? items.length - (targets.length - index) : index;
			evaluator.assign(target, items[from], scope);
		}
	});
}
function setAt({ object, index, at }, value, scope, evaluator) {
	const { machine } = evaluator;
	const holder = evaluator.evaluate(object, scope);
	if (index.kind === "slice") return setSlice(holder, boundsOf(index, scope, evaluator), value, evaluator);
	const key = evaluator.evaluate(index, scope);
	machine.at = at;
	if (holder instanceof Dict) setItem(holder, key, value, machine);
	else if (!(holder instanceof List)) machine.fail(`'${typeName(holder)}' object does not support item assignment`);
	else holder.items[listIndex(holder, key, evaluator)] = value;
}
function listIndex(list, key, { machine }) {
	const index = typeof key === "boolean" ? BigInt(key) : key;
	if (typeof index !== "bigint") return machine.fail(`list indices must be integers, not '${typeName(key)}'`);
	return indexWithin(list, Number(index), machine);
}
function boundsOf(index, scope, { evaluate }) {
	const bound = (one) => one === void 0 ? null : evaluate(one, scope);
	return {
		start: bound(index.start),
		stop: bound(index.stop),
		step: bound(index.step)
	};
}
function setSlice(holder, bounds, value, { machine }) {
	if (!(holder instanceof List)) return machine.fail(`'${typeName(holder)}' object does not support slices here`);
	const fresh = value === void 0 ? [] : collect(value, machine);
	const { start, stop, step } = positions(holder.items.length, bounds, machine);
	machine.step(Math.ceil(holder.items.length / 16));
	if (step === 1) {
		const tail = holder.items.slice(Math.max(start, stop));
		holder.items = [
			...holder.items.slice(0, start),
			...fresh,
			...tail
		];
		return;
	}
	const picked = [];
	for (let at = start; step > 0 ? at < stop : at > stop; at += step) picked.push(at);
	if (value === void 0) holder.items = holder.items.filter((_, at) => !new Set(picked).has(at));
	else if (picked.length !== fresh.length) machine.fail(`${fresh.length} values cannot take the place of ${picked.length}`);
	else picked.forEach((at, index) => {
		holder.items[at] = fresh[index];
	});
}
/** `x += y`: a list, dict or set is changed in its place, as in Python. */
function updateTarget({ target, operator, value, at }, scope, evaluator) {
	const { machine } = evaluator;
	if (target.kind === "name") {
		const old = lookUp(target.name, scope, machine);
		const fresh = evaluator.evaluate(value, scope);
		machine.at = at;
		setName(target.name, changed$1(old, operator, fresh, evaluator), scope, machine.place);
		return;
	}
	if (target.kind !== "item" || target.index.kind === "slice") return machine.refuse(`nothing can be changed in place in a ${target.kind}`, "change a name or an item");
	const holder = evaluator.evaluate(target.object, scope);
	const key = evaluator.evaluate(target.index, scope);
	machine.at = at;
	const old = itemOf(holder, key, machine);
	const fresh = evaluator.evaluate(value, scope);
	machine.at = at;
	const result = changed$1(old, operator, fresh, evaluator);
	if (holder instanceof Dict) setItem(holder, key, result, machine);
	else if (holder instanceof List) holder.items[listIndex(holder, key, evaluator)] = result;
	else machine.fail(`'${typeName(holder)}' object does not support item assignment`);
}
function changed$1(old, operator, fresh, { machine }) {
	if (old instanceof List && operator === "+") {
		for (const item of collect(fresh, machine)) old.items.push(item);
		return old;
	}
	const result = binary(operator, old, fresh, machine);
	if (old instanceof List && result instanceof List) old.items = result.items;
	else if (old instanceof Dict && result instanceof Dict) for (const [hash, entry] of result.entries) old.entries.set(hash, entry);
	else if (old instanceof PySet && result instanceof PySet && !old.frozen) {
		old.items.clear();
		for (const [hash, item] of result.items) old.items.set(hash, item);
	} else return result;
	return old;
}
function removeTarget(target, scope, evaluator) {
	const { machine } = evaluator;
	if (target.kind === "name") return deleteName(target.name, scope, machine);
	if (target.kind === "tuple" || target.kind === "list") {
		for (const one of target.items) removeTarget(one, scope, evaluator);
		return;
	}
	if (target.kind !== "item") return machine.refuse(`a ${target.kind} cannot be deleted`, "delete a name or an item");
	const holder = evaluator.evaluate(target.object, scope);
	if (target.index.kind === "slice") return setSlice(holder, boundsOf(target.index, scope, evaluator), void 0, evaluator);
	const key = evaluator.evaluate(target.index, scope);
	machine.at = target.at;
	if (holder instanceof Dict) {
		if (getItem(holder, key, machine) === void 0) itemOf(holder, key, machine);
		holder.entries.delete(keyOf(key, machine));
	} else if (holder instanceof List) holder.items.splice(listIndex(holder, key, evaluator), 1);
	else machine.fail(`'${typeName(holder)}' object doesn't support item deletion`);
}
var init_assignments = __esmMin((() => {
	init_access();
	init_names();
	init_operators();
	init_values();
}));
// src/config/python/data.ts
/** `file:line` of the innermost key that is known. */
function whereIs(keys, root, places) {
	let found;
	let at = root.values;
	for (const key of keys) {
		if (typeof at !== "object" || at === null) break;
		found = places.get(at)?.keys.get(String(key)) ?? found;
		at = Object.hasOwn(at, key) ? at[key] : void 0;
		if (typeof key === "number" && typeof at === "object" && at !== null) found = places.get(at)?.own ?? found;
	}
	return found === void 0 ? root.path : `${found.source.path}:${lineAndColumn(found).line}`;
}
/** What another config holds, as Python's values. */
function toValue(data, machine, made = /* @__PURE__ */ new Map()) {
	if (data === void 0 || data === null) return null;
	if (typeof data === "number") return Number.isSafeInteger(data) ? BigInt(data) : data;
	if (typeof data === "string" || typeof data === "boolean" || typeof data === "bigint") return data;
	const known = made.get(data);
	if (known !== void 0) return known;
	return machine.deeper(() => {
		const isData = typeof data === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(data)) && Object.values(data).every((inner) => typeof inner !== "function");
		if (Array.isArray(data)) {
			const list = new List();
			made.set(data, list);
			machine.items(data.length);
			for (const item of data) list.items.push(toValue(item, machine, made));
			return list;
		}
		if (!isData && !isPlainWithClasses(data)) return new Foreign(data);
		const dict = new Dict();
		made.set(data, dict);
		for (const [key, value] of Object.entries(data)) {
			machine.items(3);
			dict.setText(key, toValue(value, machine, made));
		}
		return dict;
	});
}
/** A table whose functions are classes, e.g. `type`; an object with methods of its own is left whole. */
function isPlainWithClasses(data) {
	if (typeof data !== "object" || data === null) return false;
	if (![Object.prototype, null].includes(Object.getPrototypeOf(data))) return false;
	return Object.values(data).every((inner) => typeof inner !== "function" || /^class\b/.test(String(inner)));
}
var Converter;
var init_data = __esmMin((() => {
	init_decimals();
	init_machine();
	init_values();
	Converter = class {
		places = /* @__PURE__ */ new WeakMap();
		#made = /* @__PURE__ */ new Map();
		#counted = 0;
		#machine;
		#nameOf;
		constructor(machine, nameOf) {
			this.#machine = machine;
			this.#nameOf = nameOf;
		}
		/** The variables of a config that are data; what it imported, its functions and `__names__` are not. */
		variables(globals) {
			const data = new Dict();
			for (const { key, value, place } of globals.entries.values()) {
				const isCode = value instanceof Imported || value instanceof DefinedFunction || value instanceof Builtin;
				if (typeof key === "string" && !key.startsWith("__") && !isCode) data.setText(key, value, place);
			}
			return this.#table(data);
		}
		#data(value, place) {
			if (place !== void 0) {
				this.#machine.source = place.source;
				this.#machine.at = place.at;
			}
			this.#count();
			if (value === null || typeof value !== "object") return typeof value === "bigint" ? this.#int(value) : value;
			const known = this.#made.get(value);
			if (known === "begun") return this.#machine.fail("a value holds itself");
			if (known !== void 0) {
				this.#count(known.size);
				return known.data;
			}
			return this.#machine.deeper(() => {
				const before = this.#counted;
				this.#made.set(value, "begun");
				const data = this.#object(value, place);
				this.#made.set(value, {
					data,
					size: this.#counted - before
				});
				return data;
			});
		}
		#count(values = 1) {
			this.#counted += values;
			this.#machine.step(values);
		}
		#object(value, place) {
			const each = (items) => Array.from(items, (item) => this.#data(item, place));
			if (value instanceof Dict) return this.#table(value);
			if (value instanceof List || value instanceof Tuple) return each(value.items);
			if (value instanceof PySet) return each(value.items.values());
			if (value instanceof Foreign) return value.value;
			if (value instanceof Imported && !value.isModule) return this.#nameOf(value.path);
			if (value instanceof Range) {
				this.#machine.items(value.length);
				return Array.from({ length: value.length }, (_, index) => value.start + index * value.step);
			}
			const what = value instanceof Bytes ? "bytes" : `a ${typeName(value)}`;
			return this.#machine.refuse(`${what} is no data of a config`, "write a text, a number, a list or a dict");
		}
		#table(dict) {
			const table = {};
			const keys = /* @__PURE__ */ new Map();
			this.places.set(table, {
				own: dict.place,
				keys
			});
			for (const { key, value, place } of dict.entries.values()) {
				const name = this.#key(key);
				const property = {
					value: this.#typeName(name, this.#data(value, place ?? dict.place)),
					enumerable: true,
					writable: true,
					configurable: true
				};
				Object.defineProperty(table, name, property);
				if (place !== void 0) keys.set(name, place);
			}
			return table;
		}
		/** AISBench's own dumps name classes by their dotted path. */
		#typeName(key, data) {
			return key === "type" && typeof data === "string" && /^ais_bench(\.\w+)+$/.test(data) ? this.#nameOf(data.split(".")) : data;
		}
		#key(key) {
			if (typeof key === "string") return key;
			if (typeof key === "bigint") return key.toString();
			if (typeof key === "number") return floatText(key);
			if (key === null) return "null";
			return typeof key === "boolean" ? String(key) : this.#machine.refuse(`a ${typeName(key)} is no key of a config`, "use a text");
		}
		#int(value) {
			const number = Number(value);
			if (Number.isSafeInteger(number)) return number;
			return this.#machine.refuse(`${value} is beyond 2^53 and cannot be kept exactly`, "write it as a text, or as a float");
		}
	};
}));
// src/config/python/modules.ts
/** A member of an imported module: known, or its name alone. Refuses what would tell about the machine. */
function member(path, machine, isModule = false) {
	const dotted = path.join(".");
	if (/^os\.(environ|getenv)\b/.test(dotted)) machine.refuse("environment variables are not read by a Python config", "give the value on the command line, e.g. --api-key or --set, or use a TypeScript config");
	return KNOWN$1.get(dotted) ?? new Imported(path, isModule);
}
function deepCopy(value, made, machine) {
	const known = made.get(value);
	if (known !== void 0) return known;
	const inner = (one) => machine.deeper(() => deepCopy(one, made, machine));
	if (value instanceof List) {
		const copy = new List();
		made.set(value, copy);
		machine.items(value.items.length);
		for (const item of value.items) copy.items.push(inner(item));
		return copy;
	}
	if (value instanceof Dict) {
		const copy = new Dict(value.place);
		made.set(value, copy);
		machine.items(3 * value.entries.size);
		for (const [hash, { key, value: old, place }] of value.entries) copy.entries.set(hash, {
			key,
			value: inner(old),
			place
		});
		return copy;
	}
	if (value instanceof Tuple) return new Tuple(collect(value, machine).map(inner));
	return value instanceof PySet && !value.frozen ? setOf(iterate(value, machine), machine) : value;
}
function shallowCopy(value, machine) {
	if (value instanceof List) return new List(collect(value, machine));
	if (value instanceof PySet && !value.frozen) return setOf(iterate(value, machine), machine);
	if (!(value instanceof Dict)) return value;
	const copy = new Dict(value.place);
	machine.items(3 * value.entries.size);
	for (const [hash, entry] of value.entries) copy.entries.set(hash, { ...entry });
	return copy;
}
function joinPath(path, part) {
	if (part.startsWith("/") || path === "") return part;
	return path.endsWith("/") ? path + part : `${path}/${part}`;
}
function splitPath(call) {
	const path = textArgument(take(call, "p")[0], call);
	const slash = path.lastIndexOf("/") + 1;
	const folder = path.slice(0, slash);
	return [/^\/+$/.test(folder) ? folder : folder.replace(/\/+$/, ""), path.slice(slash)];
}
function roundTo(call, direction) {
	const number = numeric(take(call, "x")[0]);
	if (typeof number === "bigint") return number;
	if (number === void 0 || !Number.isFinite(number)) return call.machine.fail(`${call.name}() needs a finite number`);
	const whole = direction === 1n ? Math.ceil(number) : Math.floor(number);
	return whole < 0 ? -divideHalfEven(...fractionOf(whole)) : divideHalfEven(...fractionOf(whole));
}
function* chained({ args, machine }) {
	for (const one of args) yield* iterate(one, machine);
}
function* product(call) {
	const { args, keywords, machine } = call;
	if (keywords.size > 0) machine.refuse("product(repeat=…) is not read", "name the lists one by one");
	const lists = args.map((one) => collect(one, machine));
	const at = lists.map(() => 0);
	if (lists.some((list) => list.length === 0)) return;
	for (;;) {
		machine.items(lists.length);
		yield new Tuple(lists.map((list, index) => list[at[index]]));
		let index = lists.length - 1;
		for (; index >= 0; index--) {
			at[index] = (at[index] + 1) % lists[index].length;
			if (at[index] !== 0) break;
		}
		if (index < 0) return;
	}
}
var FUNCTIONS, CONSTANTS, DICTS, KNOWN$1;
var init_modules = __esmMin((() => {
	init_access();
	init_arguments();
	init_builtins();
	init_decimals();
	init_values();
	FUNCTIONS = {
		"copy.deepcopy": (call) => deepCopy(take(call, "x")[0], /* @__PURE__ */ new Map(), call.machine),
		"copy.copy": (call) => shallowCopy(take(call, "x")[0], call.machine),
		"os.path.join": (call) => call.args.map((part) => textArgument(part, call)).reduce(joinPath),
		"os.path.basename": (call) => splitPath(call)[1],
		"os.path.dirname": (call) => splitPath(call)[0],
		"os.path.splitext": (call) => {
			const [, stem = "", extension = ""] = /^([\s\S]*?[^/.][^/]*?)(\.[^./]*)?$/.exec(textArgument(take(call, "p")[0], call)) ?? [];
			return new Tuple([stem, extension]);
		},
		"os.path.abspath": (call) => {
			const path = textArgument(take(call, "path")[0], call);
			if (path.startsWith("/") && !/\/\.{0,2}(\/|$)/.test(path)) return path;
			return call.machine.refuse(`abspath("${path}") depends on where it is run`, "write an absolute path");
		},
		"math.ceil": (call) => roundTo(call, 1n),
		"math.floor": (call) => roundTo(call, -1n),
		"math.sqrt": (call) => {
			const number = Number(numeric(take(call, "x")[0]) ?? NaN);
			return number < 0 ? call.machine.fail("math domain error") : Math.sqrt(number);
		},
		"itertools.chain": (call) => new Items(chained(call)),
		"itertools.product": (call) => new Items(product(call))
	};
	CONSTANTS = {
		"math.pi": Math.PI,
		"math.e": Math.E,
		"math.inf": Number.POSITIVE_INFINITY,
		"math.nan": NaN,
		"os.sep": "/"
	};
	DICTS = [
		"collections.OrderedDict",
		"mmengine.config.ConfigDict",
		"mmengine.ConfigDict"
	];
	KNOWN$1 = new Map([
		...Object.entries(FUNCTIONS).map(([name, call]) => [name, new Builtin(name, call)]),
		...Object.entries(CONSTANTS),
		...DICTS.map((name) => [name, BUILTINS.get("dict")])
	]);
}));
// src/config/python/text-methods.ts
function stripped(self, call, left, right) {
	const [letters] = take(call, "chars?");
	call.machine.text(self.length);
	const blank = new RegExp(`[${BLANK}]`);
	const goes = letters === void 0 || letters === null ? (letter) => blank.test(letter) : ((set) => (letter) => set.has(letter))(new Set(textArgument(letters, call)));
	const list = [...self];
	let [from, to] = [0, list.length];
	while (left && from < to && goes(list[from])) from += 1;
	while (right && to > from && goes(list[to - 1])) to -= 1;
	return list.slice(from, to).join("");
}
function splitText(self, call, fromRight) {
	const [separator, limit] = take(call, "sep?", "maxsplit?");
	const most = limit === void 0 ? -1 : indexArgument(limit, call);
	const parts = separator === void 0 || separator === null ? splitBlank(self, most, fromRight) : splitBy(self, textArgument(separator, call), most, fromRight, call);
	call.machine.text(self.length);
	call.machine.items(parts.length);
	return new List(parts);
}
/** With a limit, what is left over is kept as it stands. */
function splitBlank(self, most, fromRight) {
	if (fromRight && most >= 0) return splitBlank(reversed(self), most, false).map(reversed).reverse();
	const words = [];
	const start = new RegExp(`^[${BLANK}]+`);
	let rest = self.replace(start, "");
	if (most < 0) return rest.split(new RegExp(`[${BLANK}]+`)).filter((word) => word !== "");
	while (rest !== "" && words.length < most) {
		const [word = ""] = new RegExp(`^[^${BLANK}]+`).exec(rest) ?? [];
		words.push(word);
		rest = rest.slice(word.length).replace(start, "");
	}
	return rest === "" ? words : [...words, rest];
}
function reversed(text) {
	return [...text].reverse().join("");
}
function splitBy(self, separator, most, fromRight, call) {
	if (separator === "") call.machine.fail("empty separator");
	const parts = self.split(separator);
	if (most < 0 || parts.length <= most + 1) return parts;
	return fromRight ? [parts.slice(0, parts.length - most).join(separator), ...parts.slice(parts.length - most)] : [...parts.slice(0, most), parts.slice(most).join(separator)];
}
function splitLines(self, call) {
	const [keep] = take(call, "keepends?");
	call.machine.text(self.length);
	const lines = [];
	for (let rest = self; rest !== "";) {
		const end = LINE_END.exec(rest);
		const length = end === null ? rest.length : end.index;
		const whole = length + (end?.[0].length ?? 0);
		lines.push(rest.slice(0, keep === true || keep === 1n ? whole : length));
		rest = rest.slice(whole);
		call.machine.items(1);
	}
	return new List(lines);
}
function joined(self, call) {
	const [items] = take(call, "iterable");
	const parts = [];
	for (const item of iterate(items, call.machine)) {
		if (typeof item !== "string") call.machine.fail(`sequence item ${parts.length}: expected str instance, ${typeName(item)} found`);
		call.machine.text(item.length + self.length);
		parts.push(item);
	}
	return parts.join(self);
}
function replaced(self, call) {
	const [from, to, limit] = take(call, "old", "new", "count?");
	const [old, fresh] = [textArgument(from, call), textArgument(to, call)];
	call.machine.text(self.length);
	const parts = old === "" ? [
		"",
		...self,
		""
	] : self.split(old);
	const most = limit === void 0 ? -1 : indexArgument(limit, call);
	const count = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1);
	call.machine.text(self.length + Math.max(0, count * fresh.length));
	return [parts.slice(0, count + 1).join(fresh), ...parts.slice(count + 1)].join(old);
}
function hasEdge(self, call, test) {
	const [edges] = take(call, "prefix");
	return (edges instanceof Tuple ? collect(edges, call.machine) : [edges]).some((edge) => test(self, textArgument(edge, call)));
}
function found(self, call, last) {
	const [sub, from] = take(call, "sub", "start?");
	const text = textArgument(sub, call);
	call.machine.step(Math.ceil(self.length / 16));
	const list = characters(self);
	const given = from === void 0 ? 0 : indexArgument(from, call);
	const start = Math.min(list.length, given < 0 ? Math.max(0, list.length + given) : given);
	const head = typeof list === "string" ? start : [...self].slice(0, start).join("").length;
	const rest = self.slice(head);
	const at = last ? rest.lastIndexOf(text) : rest.indexOf(text);
	return at < 0 || given > list.length ? -1n : BigInt(start + lengthOf(rest.slice(0, at)));
}
function mustFind(at, call) {
	return at < 0n ? call.machine.fail("substring not found") : at;
}
function centerOf(missing, width) {
	const left = Math.floor(missing / 2) + (missing & width & 1);
	return [left, missing - left];
}
function widened(self, call, share) {
	const [asked, fill = " "] = take(call, "width", "fillchar?");
	const width = indexArgument(asked, call);
	const letter = textArgument(fill, call);
	if (lengthOf(letter) !== 1) call.machine.fail("The fill character must be exactly one character long");
	call.machine.text(Math.max(width, self.length));
	const [left, right] = share(Math.max(0, width - lengthOf(self)), width);
	return letter.repeat(left) + self + letter.repeat(right);
}
function partitioned(self, call, find, last = false) {
	const part = textArgument(take(call, "sep")[0], call);
	if (part === "") call.machine.fail("empty separator");
	call.machine.text(self.length);
	const at = find(part);
	if (at < 0) return new Tuple(last ? [
		"",
		"",
		self
	] : [
		self,
		"",
		""
	]);
	return new Tuple([
		self.slice(0, at),
		part,
		self.slice(at + part.length)
	]);
}
var BLANK, LINE_END, changed, tested, capitalized, titled, isCased, TEXT_METHODS, BYTES_METHODS;
var init_text_methods = __esmMin((() => {
	init_access();
	init_arguments();
	init_format_text();
	init_values();
	BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
	LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
	changed = (change) => (self, call) => {
		take(call);
		call.machine.text(self.length);
		return change(self);
	};
	tested = (test) => (self, call) => {
		take(call);
		call.machine.step(Math.ceil(self.length / 64));
		return test(self);
	};
	capitalized = (text) => {
		const [first = "", ...rest] = [...text];
		return first.toUpperCase() + rest.join("").toLowerCase();
	};
	titled = (text) => text.replace(/\p{L}+/gu, capitalized);
	isCased = (text) => text.toLowerCase() !== text.toUpperCase();
	TEXT_METHODS = {
		lower: changed((text) => text.toLowerCase()),
		upper: changed((text) => text.toUpperCase()),
		casefold: changed((text) => text.toLowerCase().replaceAll("ß", "ss")),
		capitalize: changed(capitalized),
		title: changed(titled),
		swapcase: changed((text) => text.replace(/\p{L}/gu, (letter) => letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())),
		strip: (self, call) => stripped(self, call, true, true),
		lstrip: (self, call) => stripped(self, call, true, false),
		rstrip: (self, call) => stripped(self, call, false, true),
		split: (self, call) => splitText(self, call, false),
		rsplit: (self, call) => splitText(self, call, true),
		splitlines: splitLines,
		join: joined,
		replace: replaced,
		startswith: (self, call) => hasEdge(self, call, (text, edge) => text.startsWith(edge)),
		endswith: (self, call) => hasEdge(self, call, (text, edge) => text.endsWith(edge)),
		find: (self, call) => found(self, call, false),
		rfind: (self, call) => found(self, call, true),
		index: (self, call) => mustFind(found(self, call, false), call),
		rindex: (self, call) => mustFind(found(self, call, true), call),
		count: (self, call) => {
			const part = textArgument(take(call, "sub")[0], call);
			call.machine.step(self.length);
			return BigInt(part === "" ? lengthOf(self) + 1 : self.split(part).length - 1);
		},
		format: (self, call) => formatTemplate(self, {
			args: call.args,
			named: (name) => call.keywords.get(name)
		}, call.machine),
		format_map: (self, call) => {
			const [map] = take(call, "mapping");
			return formatTemplate(self, {
				args: [],
				named: (name) => map instanceof Dict ? map.text(name) : void 0
			}, call.machine);
		},
		ljust: (self, call) => widened(self, call, (missing) => [0, missing]),
		rjust: (self, call) => widened(self, call, (missing) => [missing, 0]),
		center: (self, call) => widened(self, call, centerOf),
		zfill: (self, call) => {
			const width = indexArgument(take(call, "width")[0], call);
			call.machine.text(Math.max(width, self.length));
			const [, sign = "", digits = ""] = /^([+-]?)([\s\S]*)$/.exec(self) ?? [];
			return sign + "0".repeat(Math.max(0, width - lengthOf(self))) + digits;
		},
		partition: (self, call) => partitioned(self, call, (at) => self.indexOf(at)),
		rpartition: (self, call) => partitioned(self, call, (at) => self.lastIndexOf(at), true),
		removeprefix: (self, call) => {
			const prefix = textArgument(take(call, "prefix")[0], call);
			return self.startsWith(prefix) ? self.slice(prefix.length) : self;
		},
		removesuffix: (self, call) => {
			const suffix = textArgument(take(call, "suffix")[0], call);
			return suffix !== "" && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
		},
		isdigit: tested((text) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(text)),
		isdecimal: tested((text) => /^\p{Nd}+$/u.test(text)),
		isnumeric: tested((text) => /^\p{N}+$/u.test(text)),
		isalpha: tested((text) => /^\p{L}+$/u.test(text)),
		isalnum: tested((text) => /^[\p{L}\p{N}]+$/u.test(text)),
		isspace: tested((text) => new RegExp(`^[${BLANK}]+$`).test(text)),
		isupper: tested((text) => isCased(text) && text === text.toUpperCase()),
		islower: tested((text) => isCased(text) && text === text.toLowerCase()),
		istitle: tested((text) => isCased(text) && text === titled(text)),
		isidentifier: tested((text) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(text)),
		encode: (self, call) => {
			const [encoding = "utf-8"] = take(call, "encoding?");
			if (!/^utf-?8$/i.test(String(encoding))) call.machine.refuse(`encoding ${String(encoding)}`, "use utf-8");
			call.machine.text(self.length * 3);
			return new Bytes(Buffer.from(self, "utf8").toString("latin1"));
		}
	};
	BYTES_METHODS = {
		decode: (self, call) => {
			const [encoding = "utf-8"] = take(call, "encoding?");
			if (!/^(utf-?8|ascii)$/i.test(String(encoding))) call.machine.refuse(`encoding ${String(encoding)}`, "use utf-8");
			call.machine.text(self.text.length);
			const text = Buffer.from(self.text, "latin1").toString("utf8");
			return text.includes("�") ? call.machine.fail("the bytes are no UTF-8") : text;
		},
		hex: (self, call) => {
			take(call);
			call.machine.text(2 * self.text.length);
			return Buffer.from(self.text, "latin1").toString("hex");
		}
	};
}));
// src/config/python/attributes.ts
/** `value.name`: a method of data, or a part of an imported module. Nothing else has attributes that may be seen. */
function attributeOf(value, name, machine) {
	if (name.startsWith("__")) machine.refuse(`the attribute '${name}' may not be used in it`, "keep to data and its methods");
	if (value instanceof Imported) return partOf(value, name, machine);
	const method = TABLES$1.get(typeName(value))?.get(name);
	if (method !== void 0) return new Builtin(name, (call) => method(value, call));
	if (value instanceof Builtin) {
		if (value.name === "dict" && name === "fromkeys") return new Builtin(name, fromKeys);
		const unbound = TABLES$1.get(value.name)?.get(name);
		if (unbound !== void 0) return new Builtin(name, (call) => callUnbound(unbound, value.name, call));
	}
	const cure = value instanceof Dict ? `write ["${name}"]` : "keep to data and its methods";
	return machine.refuse(`'${typeName(value)}' object has no attribute '${name}'`, cure);
}
/** A name that begins with a small letter may be a module; of a class nothing can be known. */
function partOf({ path, isModule, dotted }, name, machine) {
	if (!isModule && !/^[a-z_]/.test(path.at(-1) ?? "")) machine.refuse(`${dotted} is imported, not run: ${name} has no value here`, "write the value itself");
	return member([...path, name], machine, /^[a-z_]/.test(name));
}
/** `str.upper(text)` */
function callUnbound(method, type, call) {
	const [self, ...args] = call.args;
	if (self === void 0 || typeName(self) !== type) return call.machine.fail(`${type}.${call.name}() needs a '${type}'`);
	return method(self, {
		...call,
		args
	});
}
function fromKeys(call) {
	const [keys, value = null] = take(call, "iterable", "value?");
	const dict = new Dict(call.machine.place);
	for (const key of iterate(keys, call.machine)) setItem(dict, key, value, call.machine);
	return dict;
}
var TABLES$1;
var init_attributes = __esmMin((() => {
	init_access();
	init_arguments();
	init_container_methods();
	init_modules();
	init_text_methods();
	init_values();
	TABLES$1 = new Map(Object.entries({
		str: TEXT_METHODS,
		bytes: BYTES_METHODS,
		list: LIST_METHODS,
		tuple: TUPLE_METHODS,
		dict: DICT_METHODS,
		set: SET_METHODS,
		frozenset: SET_METHODS
	}).map(([type, methods]) => [type, new Map(Object.entries(methods))]));
}));
// src/config/python/comprehensions.ts
/** Its variables are its own; only the first iterable is evaluated outside, and at once. */
function comprehend(syntax, outer, evaluator) {
	const { machine } = evaluator;
	const [first] = syntax.clauses;
	if (first === void 0) return machine.fail("invalid syntax");
	const start = iterate(evaluator.evaluate(first.iterable, outer), machine);
	const scope = {
		variables: new Dict(),
		outer,
		globals: outer.globals,
		isComprehension: true
	};
	const rounds = turns(syntax, {
		start,
		scope,
		evaluator
	});
	if (syntax.makes === "generator") return new Items(elements(syntax, rounds, scope, evaluator));
	if (syntax.makes === "dict") return dictOf$1(syntax, rounds, scope, evaluator);
	const made = [...elements(syntax, rounds, scope, evaluator)];
	if (syntax.makes === "list") return new List(made);
	const items = /* @__PURE__ */ new Map();
	for (const value of made) {
		const key = keyOf(value, machine);
		if (!items.has(key)) items.set(key, value);
	}
	return new PySet(items);
}
/** Once for each element: the loop variables are set then. */
function* turns({ clauses }, { start, scope, evaluator }, depth = 0) {
	const clause = clauses[depth];
	if (clause === void 0) {
		yield;
		return;
	}
	const { machine } = evaluator;
	const items = depth === 0 ? start : iterate(evaluator.evaluate(clause.iterable, scope), machine);
	for (const item of items) {
		evaluator.assign(clause.target, item, scope);
		if (clause.conditions.every((test) => isTrue(evaluator.evaluate(test, scope)))) yield* turns({ clauses }, {
			start,
			scope,
			evaluator
		}, depth + 1);
	}
}
function* elements({ element }, rounds, scope, { machine, evaluate }) {
	const { source } = machine;
	for (;;) {
		const { source: current, at } = machine;
		machine.source = source;
		if (rounds.next().done) return restore(current, at);
		const value = evaluate(element, scope);
		machine.allocate(16);
		restore(current, at);
		yield value;
	}
	function restore(current, at) {
		machine.source = current;
		machine.at = at;
	}
}
function dictOf$1({ key, element }, rounds, scope, evaluator) {
	const { machine } = evaluator;
	const dict = new Dict(machine.place);
	while (!rounds.next().done) {
		if (key === void 0) return machine.fail("invalid syntax");
		setItem(dict, evaluator.evaluate(key, scope), evaluator.evaluate(element, scope), machine);
	}
	return dict;
}
var init_comprehensions = __esmMin((() => {
	init_access();
	init_values();
}));
// src/config/python/functions.ts
/** Defaults are evaluated where the function is defined, once. */
function define({ name, parameters, body }, scope, evaluator) {
	const { machine } = evaluator;
	const declared = "kind" in body ? NO_NAMES : declaredIn(body);
	return new DefinedFunction({
		name,
		parameters: parameters.map((one) => ({
			...one,
			value: one.fallback === void 0 ? void 0 : evaluator.evaluate(one.fallback, scope)
		})),
		body,
		scope,
		place: machine.place,
		own: /* @__PURE__ */ new Set([...declared.own, ...parameters.map((one) => one.name)]),
		shared: declared.shared
	});
}
function callValue(callee, given, evaluator) {
	const { machine } = evaluator;
	if (callee instanceof Builtin) {
		const invoke = (inner, args) => callValue(inner, {
			args,
			keywords: /* @__PURE__ */ new Map()
		}, evaluator);
		return callee.call({
			...given,
			machine,
			name: callee.name,
			invoke
		});
	}
	if (callee instanceof DefinedFunction) return machine.deeper(() => callFunction(callee, given, evaluator));
	if (callee instanceof Imported) return machine.refuse(`${callee.dotted} is imported, not run`, "a config may name it, e.g. type=X, and not call it: write the value out, or use a TypeScript config");
	return machine.fail(`'${typeName(callee)}' object is not callable`);
}
function callFunction(callee, given, evaluator) {
	const { machine } = evaluator;
	const { source, at } = machine;
	const { own, shared, scope: outer, body } = callee;
	const scope = {
		variables: new Dict(),
		outer,
		globals: outer.globals,
		own,
		shared
	};
	machine.items(3);
	bind(callee, given, scope, evaluator);
	machine.source = callee.place.source;
	const ended = "kind" in body ? { returned: evaluator.evaluate(body, scope) } : evaluator.execute(body, scope);
	machine.source = source;
	machine.at = at;
	return typeof ended === "object" ? ended.returned : null;
}
function bind(callee, { args, keywords }, scope, { machine }) {
	const set = (name, value) => setName(name, value, {
		...scope,
		shared: /* @__PURE__ */ new Map()
	}, machine.place);
	const positional = callee.parameters.filter(({ form }) => form === "plain" || form === "positional");
	const rest = callee.parameters.find(({ form }) => form === "rest");
	const more = callee.parameters.find(({ form }) => form === "keywords");
	const fail = (why) => machine.fail(`${callee.name}() ${why}`);
	if (args.length > positional.length && rest === void 0) fail(`takes ${positional.length} positional arguments but ${args.length} were given`);
	for (const [index, { name }] of positional.slice(0, args.length).entries()) set(name, args[index]);
	if (rest !== void 0) set(rest.name, new Tuple(args.slice(positional.length)));
	const others = new Dict();
	for (const [name, value] of keywords) {
		const taken = callee.parameters.find((one) => one.name === name && (one.form === "plain" || one.form === "keyword"));
		if (taken !== void 0 && scope.variables.text(name) !== void 0) fail(`got multiple values for argument '${name}'`);
		if (taken !== void 0) set(name, value);
		else if (more === void 0) fail(`got an unexpected keyword argument '${name}'`);
		else setItem(others, name, value, machine);
	}
	if (more !== void 0) set(more.name, others);
	for (const { name, value, form } of callee.parameters) {
		if (form === "rest" || form === "keywords" || scope.variables.text(name) !== void 0) continue;
		set(name, value === void 0 ? fail(`lacks its argument '${name}'`) : value);
	}
}
var NO_NAMES;
var init_functions = __esmMin((() => {
	init_access();
	init_names();
	init_values();
	NO_NAMES = {
		own: /* @__PURE__ */ new Set(),
		shared: /* @__PURE__ */ new Map()
	};
}));
// src/config/python/expressions.ts
function evaluateExpression(expression, scope, evaluator) {
	const { machine } = evaluator;
	machine.step();
	if (expression.kind === "constant") return expression.value;
	machine.at = expression.at;
	if (expression.kind === "name") return lookUp(expression.name, scope, machine);
	return machine.deeper(() => evaluateDeeper(expression, scope, evaluator));
}
function evaluateDeeper(expression, scope, evaluator) {
	const { machine } = evaluator;
	const inner = (one) => evaluator.evaluate(one, scope);
	/** Back at this expression, after its parts. */
	const here = (value) => {
		machine.at = expression.at;
		return value;
	};
	switch (expression.kind) {
		case "bytes": return new Bytes(expression.value);
		case "format": return formatAll(expression.parts, scope, evaluator);
		case "list": return new List(itemsOf$1(expression.items, scope, evaluator));
		case "tuple": return new Tuple(itemsOf$1(expression.items, scope, evaluator));
		case "set": return setOf(itemsOf$1(expression.items, scope, evaluator), machine);
		case "dict": return dictOf(expression, scope, evaluator);
		case "comprehension": return comprehend(expression, scope, evaluator);
		case "unary": return unary(expression.operator, here(inner(expression.operand)), evaluator);
		case "binary": return binary(expression.operator, inner(expression.left), here(inner(expression.right)), machine);
		case "logic": {
			const left = inner(expression.left);
			return isTrue(left) === (expression.operator === "or") ? left : inner(expression.right);
		}
		case "compare": return comparison(expression, scope, evaluator);
		case "choice": return isTrue(inner(expression.test)) ? inner(expression.chosen) : inner(expression.otherwise);
		case "lambda": return define({
			...expression,
			name: "<lambda>"
		}, scope, evaluator);
		case "call": return call(expression, scope, evaluator);
		case "attribute": return attributeOf(here(inner(expression.object)), expression.name, machine);
		case "item": return item(expression, scope, evaluator);
		case "named": {
			const value = inner(expression.value);
			setName(expression.name, value, holderOf(scope), here(machine).place);
			return value;
		}
		default: return machine.fail(expression.kind === "starred" ? "a starred expression stands alone" : "invalid syntax");
	}
}
/** Items of a display or arguments; starred ones are spread. */
function itemsOf$1(items, scope, evaluator) {
	const { machine } = evaluator;
	machine.items(items.length);
	return items.flatMap((one) => {
		if (one.kind !== "starred") return [evaluator.evaluate(one, scope)];
		return collect(evaluator.evaluate(one.value, scope), machine);
	});
}
function dictOf({ entries, at }, scope, { evaluate, machine }) {
	const dict = new Dict(machine.place);
	for (const entry of entries) {
		const key = entry.key === void 0 ? void 0 : evaluate(entry.key, scope);
		const value = evaluate(entry.value, scope);
		machine.at = entry.at;
		if (key !== void 0) setItem(dict, key, value, machine);
		else if (value instanceof Dict) for (const { key: name, value: own, place } of value.entries.values()) setItem(dict, name, own, machine, place);
		else machine.fail(`'${typeName(value)}' object is not a mapping`);
	}
	machine.at = at;
	return dict;
}
function unary(operator, value, { machine }) {
	if (operator === "not") return !isTrue(value);
	const number = numeric(value);
	if (number === void 0 || operator === "~" && typeof number !== "bigint") return machine.fail(`bad operand type for unary ${operator}: '${typeName(value)}'`);
	if (operator === "~") return ~number;
	return operator === "-" ? -number : number;
}
/** `a < b < c`: each operand once, and no further than the first that does not hold. */
function comparison({ first, rest }, scope, { evaluate, machine }) {
	let left = evaluate(first, scope);
	for (const { operator, operand, at } of rest) {
		const right = evaluate(operand, scope);
		machine.at = at;
		if (!test(operator, left, right, machine)) return false;
		left = right;
	}
	return true;
}
function item({ object, index, at }, scope, { evaluate, machine }) {
	const value = evaluate(object, scope);
	if (index.kind !== "slice") {
		const key = evaluate(index, scope);
		machine.at = at;
		return itemOf(value, key, machine);
	}
	const bound = (one) => one === void 0 ? null : evaluate(one, scope);
	const bounds = {
		start: bound(index.start),
		stop: bound(index.stop),
		step: bound(index.step)
	};
	machine.at = at;
	return sliceOf(value, bounds, machine);
}
function call(expression, scope, evaluator) {
	const { machine } = evaluator;
	const callee = evaluator.evaluate(expression.callee, scope);
	const args = itemsOf$1(expression.args, scope, evaluator);
	const keywords = /* @__PURE__ */ new Map();
	const places = /* @__PURE__ */ new Map();
	const give = (name, value, place) => {
		if (typeof name !== "string") return machine.fail("keywords must be strings");
		if (keywords.has(name)) machine.fail(`got multiple values for keyword argument '${name}'`);
		machine.items(3);
		keywords.set(name, value);
		places.set(name, place);
	};
	for (const { name, value, at } of expression.keywords) {
		const given = evaluator.evaluate(value, scope);
		machine.at = at;
		if (name !== void 0) give(name, given, machine.place);
		else if (!(given instanceof Dict)) machine.fail(`argument after ** must be a mapping, not ${typeName(given)}`);
		else for (const one of given.entries.values()) give(one.key, one.value, one.place ?? machine.place);
	}
	machine.at = expression.at;
	if (callee === GLOBALS) return scope.globals;
	if (callee === LOCALS) return scope.variables === scope.globals ? scope.globals : snapshot(scope, evaluator);
	return evaluator.call(callee, {
		args,
		keywords,
		places
	});
}
/** The variables of a function, as they are now. */
function snapshot({ variables }, { machine }) {
	const dict = new Dict(machine.place);
	for (const { key, value } of variables.entries.values()) setItem(dict, key, value, machine);
	return dict;
}
function formatAll(parts, scope, evaluator) {
	const { machine } = evaluator;
	let text = "";
	for (const part of parts) {
		if (typeof part === "string") text += part;
		else {
			const value = evaluator.evaluate(part.value, scope);
			const spec = part.spec === void 0 ? "" : formatAll(part.spec, scope, evaluator);
			machine.at = part.at;
			const isBare = part.label !== void 0 && part.conversion === void 0 && part.spec === void 0;
			text += (part.label ?? "") + formatted(converted(value, isBare ? "r" : part.conversion, machine), spec, machine);
		}
		machine.text(text.length);
	}
	return text;
}
var init_expressions = __esmMin((() => {
	init_access();
	init_attributes();
	init_comprehensions();
	init_format_text();
	init_functions();
	init_names();
	init_operators();
	init_values();
}));
// src/config/python/reader.ts
/** Parts between commas, each a list of nodes; what follows the last comma is left out where it is nothing. */
function commaParts(nodes) {
	const parts = [[]];
	for (const node of nodes) if (node.name === ",") parts.push([]);
	else parts.at(-1).push(node);
	if (parts.at(-1)?.length === 0) parts.pop();
	return parts;
}
var Reader;
var init_reader = __esmMin((() => {
	init_machine();
	Reader = class {
		source;
		#expression;
		#depth = 0;
		constructor(source, expression) {
			this.source = source;
			this.#expression = expression;
		}
		text({ from, to }) {
			return this.source.text.slice(from, to);
		}
		expression(node) {
			return this.deeper(node, () => this.#expression(node, this));
		}
		deeper(node, action) {
			this.#depth += 1;
			if (this.#depth > LIMITS.depth) this.refuse(node, `it nests deeper than ${LIMITS.depth} levels`);
			const result = action();
			this.#depth -= 1;
			return result;
		}
		/** The parts of a node; a place where the text is no Python ends the reading. */
		children(node) {
			const found = [];
			for (let child = node.firstChild; child !== null; child = child.nextSibling) {
				if (child.type.isError) this.invalid(child);
				if (child.name !== "Comment") found.push(child);
			}
			return found;
		}
		invalid({ from, to }, why = "") {
			const near = this.source.text.slice(from, Math.max(to, from + 1)).split("\n")[0]?.trim();
			const message = why || (near ? `invalid syntax at "${near.slice(0, 40)}"` : "invalid syntax");
			throw unreadable$2({
				source: this.source,
				at: from
			}, message, "correct the file at that place");
		}
		/** Right Python that a config may not hold. */
		refuse({ from }, what) {
			throw unreadable$2({
				source: this.source,
				at: from
			}, what, "a Python config is read, not run: keep to data, or use a TypeScript config, which may compute");
		}
	};
}));
// src/config/python/parse-call.ts
function parseCall(node, reader, comprehensionOf) {
	const [callee, list] = reader.children(node);
	if (callee === void 0 || list === void 0) return reader.invalid(node);
	const args = [];
	const keywords = [];
	for (const part of commaParts(reader.children(list).slice(1, -1))) {
		const [first, second, third] = part;
		if (first === void 0) return reader.invalid(list);
		if (part.some(({ name }) => name === "for")) args.push(comprehensionOf("generator", part, reader));
		else if (second === void 0) {
			if (keywords.some(({ name }) => name !== void 0)) return reader.invalid(first, "a positional argument follows a keyword argument");
			args.push(reader.expression(first));
		} else if (first.name === "*") args.push({
			kind: "starred",
			value: reader.expression(second),
			at: first.from
		});
		else if (first.name === "**") keywords.push({
			name: void 0,
			value: reader.expression(second),
			at: first.from
		});
		else if (third === void 0) return reader.invalid(second);
		else if (reader.text(second) === ":=") args.push({
			kind: "named",
			name: reader.text(first),
			value: reader.expression(third),
			at: first.from
		});
		else keywords.push({
			name: reader.text(first),
			value: reader.expression(third),
			at: first.from
		});
	}
	return {
		kind: "call",
		callee: reader.expression(callee),
		args,
		keywords,
		at: callee.from
	};
}
/** What stands between the parentheses of `def`, or between `lambda` and its colon. */
function parseParameters(nodes, reader) {
	const parameters = [];
	let afterStar = false;
	const list = nodes.filter(({ name }) => name !== "TypeDef");
	for (const [index, part] of commaParts(list).entries()) {
		const [first, second, third] = part;
		if (first === void 0) {
			if (index === 0) return reader.invalid(nodes[0]);
			parameters.forEach((one, at) => {
				parameters[at] = {
					...one,
					form: "positional"
				};
			});
		} else if (first.name === "*") {
			if (second !== void 0) parameters.push(named(second, "rest", void 0, reader));
			afterStar = true;
		} else if (first.name === "**") parameters.push(named(second ?? reader.invalid(first), "keywords", void 0, reader));
		else parameters.push(named(first, afterStar ? "keyword" : "plain", third, reader));
	}
	const last = list.at(-1);
	if (last?.name === "*") return reader.invalid(last, "named parameters must follow a bare *");
	return parameters;
}
function named(node, form, fallback, reader) {
	const value = fallback === void 0 ? void 0 : reader.expression(fallback);
	return {
		name: reader.text(node),
		form,
		fallback: value,
		at: node.from
	};
}
var init_parse_call = __esmMin((() => {
	init_reader();
}));
// src/config/python/parse-operators.ts
function parseOperators(node, reader) {
	return new Joiner(flatten(node, reader), reader).all();
}
/** Tokens from left to right, without recursion: chains of `+` may be long. */
function flatten(node, reader) {
	const tokens = [];
	const waiting = [node];
	for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) if (FLATTENED.has(next.name)) waiting.push(...reader.children(next).reverse());
	else tokens.push(isOperator(next) ? {
		node: next,
		operator: reader.text(next)
	} : { node: next });
	return joinedWords(tokens);
}
function isOperator({ name }) {
	return /^(ArithOp|BitOp|CompareOp|not|in|is|and|or)$/.test(name);
}
/** `not in` and `is not` are one operator each; `not` after an operand is never the sign. */
function joinedWords(tokens) {
	const joined = [];
	for (const token of tokens) {
		const before = joined.at(-1);
		const follows = before !== void 0 && before.operator !== void 0;
		if (token.operator === "in" && follows && before.operator === "not" && isInfix(joined)) joined[joined.length - 1] = {
			node: before.node,
			operator: "not in"
		};
		else if (token.operator === "not" && follows && before.operator === "is") joined[joined.length - 1] = {
			node: before.node,
			operator: "is not"
		};
		else joined.push(token);
	}
	return joined;
}
/** Whether the last token stands after an operand. */
function isInfix(tokens) {
	const before = tokens.at(-2);
	return before !== void 0 && before.operator === void 0;
}
var FLATTENED, COMPARISONS, BINARY, Joiner, SIGNS;
var init_parse_operators = __esmMin((() => {
	FLATTENED = /* @__PURE__ */ new Set(["BinaryExpression", "UnaryExpression"]);
	COMPARISONS = /* @__PURE__ */ new Set([
		"==",
		"!=",
		"<",
		"<=",
		">",
		">=",
		"in",
		"not in",
		"is",
		"is not"
	]);
	BINARY = [
		/* @__PURE__ */ new Set(["|"]),
		/* @__PURE__ */ new Set(["^"]),
		/* @__PURE__ */ new Set(["&"]),
		/* @__PURE__ */ new Set(["<<", ">>"]),
		/* @__PURE__ */ new Set(["+", "-"]),
		/* @__PURE__ */ new Set([
			"*",
			"/",
			"//",
			"%",
			"@"
		])
	];
	Joiner = class {
		#tokens;
		#reader;
		#next = 0;
		constructor(tokens, reader) {
			this.#tokens = tokens;
			this.#reader = reader;
		}
		all() {
			const found = this.#logic("or");
			const rest = this.#tokens[this.#next];
			return rest === void 0 ? found : this.#reader.invalid(rest.node);
		}
		#logic(operator) {
			const operand = () => operator === "or" ? this.#logic("and") : this.#not();
			let left = operand();
			for (let token = this.#take(operator); token !== void 0; token = this.#take(operator)) left = {
				kind: "logic",
				operator,
				left,
				right: operand(),
				at: token.node.from
			};
			return left;
		}
		#not() {
			const token = this.#take("not");
			if (token === void 0) return this.#comparison();
			return {
				kind: "unary",
				operator: "not",
				operand: this.#reader.deeper(token.node, () => this.#not()),
				at: token.node.from
			};
		}
		#comparison() {
			const first = this.#binary(0);
			const rest = [];
			for (let token = this.#takeOf(COMPARISONS); token !== void 0; token = this.#takeOf(COMPARISONS)) rest.push({
				operator: token.operator,
				operand: this.#binary(0),
				at: token.node.from
			});
			return rest.length === 0 ? first : {
				kind: "compare",
				first,
				rest,
				at: rest[0].at
			};
		}
		#binary(level) {
			const operators = BINARY[level];
			if (operators === void 0) return this.#sign();
			let left = this.#binary(level + 1);
			for (let token = this.#takeOf(operators); token !== void 0; token = this.#takeOf(operators)) {
				const right = this.#binary(level + 1);
				left = {
					kind: "binary",
					operator: token.operator,
					left,
					right,
					at: token.node.from
				};
			}
			return left;
		}
		#sign() {
			const token = this.#takeOf(SIGNS);
			if (token === void 0) return this.#power();
			const operand = this.#reader.deeper(token.node, () => this.#sign());
			return {
				kind: "unary",
				operator: token.operator,
				operand,
				at: token.node.from
			};
		}
		#power() {
			const left = this.#operand();
			const token = this.#take("**");
			if (token === void 0) return left;
			return {
				kind: "binary",
				operator: "**",
				left,
				right: this.#reader.deeper(token.node, () => this.#sign()),
				at: token.node.from
			};
		}
		#operand() {
			const token = this.#tokens[this.#next];
			if (token === void 0 || token.operator !== void 0) return this.#reader.invalid((token ?? this.#tokens.at(-1)).node);
			this.#next += 1;
			return this.#reader.expression(token.node);
		}
		#take(operator) {
			const token = this.#tokens[this.#next];
			if (token?.operator !== operator) return void 0;
			this.#next += 1;
			return token;
		}
		#takeOf(operators) {
			const operator = this.#tokens[this.#next]?.operator;
			return operator !== void 0 && operators.has(operator) ? this.#take(operator) : void 0;
		}
	};
	SIGNS = /* @__PURE__ */ new Set([
		"-",
		"+",
		"~"
	]);
}));
// src/config/python/parse-strings.ts
/** A string, an f-string, or several beside each other: one constant, or the parts of a format. */
function parseStrings(node, reader) {
	const pieces = node.name === "ContinuedString" ? reader.children(node) : [node];
	const parts = [];
	const kinds = /* @__PURE__ */ new Set();
	for (const piece of pieces) {
		const literal = literalOf(reader.text(piece)) ?? reader.invalid(piece, "this string is not closed");
		kinds.add(literal.bytes);
		if (piece.name === "FormatString") parts.push(...formatParts(piece, literal, reader));
		else parts.push(textOf$1(literal.body, literal, piece, reader));
	}
	if (kinds.size > 1) return reader.invalid(node, "bytes and text cannot be joined");
	if (parts.some((part) => typeof part !== "string")) return {
		kind: "format",
		parts,
		at: node.from
	};
	const value = parts.join("");
	return kinds.has(true) ? {
		kind: "bytes",
		value,
		at: node.from
	} : {
		kind: "constant",
		value,
		at: node.from
	};
}
function textOf$1(body, literal, node, reader) {
	try {
		return unescaped(body, literal);
	} catch (error) {
		return reader.invalid(node, messageOf$2(error));
	}
}
function formatParts(node, literal, reader) {
	const end = node.from + literal.from + literal.body.length;
	return piecesBetween(node, {
		from: node.from + literal.from,
		to: end,
		literal
	}, reader);
}
/** Texts and replacements of a node in turn; of a format specification too, where braces are not doubled. */
function piecesBetween(node, { from, to, literal }, reader) {
	const parts = [];
	let at = from;
	const text = (until) => {
		const between = reader.text({
			from: at,
			to: until
		});
		const braces = between.replaceAll("{{", "").replaceAll("}}", "");
		if (node.name === "FormatString" && /[{}]/.test(braces)) reader.invalid(node, "a single brace in an f-string");
		const single = between.replaceAll("{{", "{").replaceAll("}}", "}");
		if (single !== "") parts.push(textOf$1(single, literal, node, reader));
	};
	for (const child of reader.children(node).filter(({ name }) => name === "FormatReplacement")) {
		text(child.from);
		parts.push(replacement(child, literal, reader));
		at = child.to;
	}
	text(to);
	return parts;
}
function replacement(node, literal, reader) {
	const children = reader.children(node);
	const value = children[1] ?? reader.invalid(node);
	const part = (name) => children.find((child) => child.name === name);
	const label = part("FormatSelfDoc");
	const conversion = part("FormatConversion");
	const spec = part("FormatSpec");
	const letter = conversion === void 0 ? void 0 : reader.text(conversion).slice(1);
	if (letter !== void 0 && !/^[rsa]$/.test(letter)) return reader.invalid(node, `no conversion "!${letter}"`);
	return {
		value: reader.expression(value),
		label: label === void 0 ? void 0 : reader.text({
			from: node.from + 1,
			to: endOfLabel(label, reader)
		}),
		conversion: letter,
		spec: spec === void 0 ? void 0 : piecesBetween(spec, {
			from: spec.from + 1,
			to: spec.to,
			literal
		}, reader),
		at: value.from
	};
}
/** `{x = }` keeps the blanks after its sign too. */
function endOfLabel({ to }, reader) {
	let end = to;
	while (/\s/.test(reader.text({
		from: end,
		to: end + 1
	}))) end += 1;
	return end;
}
var init_parse_strings = __esmMin((() => {
	init_errors$1();
	init_parse_literals();
}));
// src/config/python/parse-expression.ts
function parseExpression(node, reader) {
	const refused = Object.hasOwn(REFUSED$1, node.name) ? REFUSED$1[node.name] : void 0;
	if (refused !== void 0) return reader.refuse(node, refused);
	const parse = Object.hasOwn(PARSERS$1, node.name) ? PARSERS$1[node.name] : void 0;
	return parse === void 0 ? reader.invalid(node) : parse(node, reader);
}
/** One expression, or several between commas: a tuple. `holder` is what lacks one where there is none. */
function parseTuple(nodes, reader, holder) {
	const [first] = nodes;
	if (first === void 0) return reader.invalid(holder);
	const isTuple = nodes.some(({ name }) => name === ",");
	if (!isTuple && nodes.length === 1) return reader.expression(first);
	const items = itemsOf(nodes, reader);
	const [only] = items;
	if (!isTuple && only !== void 0) return only.kind === "starred" ? reader.invalid(first) : only;
	return {
		kind: "tuple",
		items,
		at: first.from
	};
}
function inside(node, reader) {
	return reader.children(node).slice(1, -1);
}
function itemsOf(nodes, reader) {
	return commaParts(nodes).map((part) => {
		const [first, second, ...more] = part;
		if (first === void 0) return reader.invalid(nodes[0]);
		if (first.name === "*" && second !== void 0 && more.length === 0) return {
			kind: "starred",
			value: reader.expression(second),
			at: first.from
		};
		return namedOrPlain(part, reader);
	});
}
/** `name := value` stands without a node of its own where commas part items. */
function namedOrPlain(part, reader) {
	const [first, operator, value, ...more] = part;
	if (first === void 0) throw new Error("an expression was expected");
	if (operator === void 0) return reader.expression(first);
	if (value === void 0 || more.length > 0 || reader.text(operator) !== ":=") return reader.invalid(operator);
	return {
		kind: "named",
		name: reader.text(first),
		value: reader.expression(value),
		at: first.from
	};
}
function collection(kind, node, reader) {
	return {
		kind,
		items: itemsOf(inside(node, reader), reader),
		at: node.from
	};
}
function parseDictionary(node, reader) {
	return {
		kind: "dict",
		entries: commaParts(inside(node, reader)).map((part) => {
			const [first, second, third, ...more] = part;
			if (first === void 0 || second === void 0 || more.length > 0) return reader.invalid(first ?? node);
			if (first.name === "**") return {
				key: void 0,
				value: reader.expression(second),
				at: first.from
			};
			if (second.name !== ":" || third === void 0) return reader.invalid(second);
			return {
				key: reader.expression(first),
				value: reader.expression(third),
				at: first.from
			};
		}),
		at: node.from
	};
}
function parseComprehension(makes, node, reader) {
	return comprehensionOf(makes, inside(node, reader), reader);
}
function comprehensionOf(makes, nodes, reader) {
	const start = nodes.findIndex(({ name }) => name === "for" || name === "async");
	const head = nodes.slice(0, start);
	const first = head[0];
	return {
		kind: "comprehension",
		makes,
		key: makes === "dict" ? reader.expression(first) : void 0,
		element: makes === "dict" ? reader.expression(head[2] ?? reader.invalid(first)) : namedOrPlain(head, reader),
		clauses: clausesOf(nodes.slice(start), reader),
		at: first.from
	};
}
function clausesOf(nodes, reader) {
	const clauses = [];
	for (let index = 0; index < nodes.length;) {
		const word = nodes[index];
		const end = nodes.findIndex(({ name }, at) => at > index && /^(for|if|async)$/.test(name));
		const part = nodes.slice(index + 1, end < 0 ? nodes.length : end);
		if (word.name === "async") return reader.refuse(word, "`async` is not read");
		if (word.name === "if") clauses.at(-1)?.conditions.push(parseTuple(part, reader, word));
		else {
			const split = part.findIndex(({ name }) => name === "in");
			const target = parseTuple(part.slice(0, split), reader, word);
			clauses.push({
				target,
				iterable: parseTuple(part.slice(split + 1), reader, word),
				conditions: []
			});
		}
		index += part.length + 1;
	}
	return clauses;
}
function parseChoice(node, reader) {
	const [then, , test, , otherwise] = reader.children(node);
	if (then === void 0 || test === void 0 || otherwise === void 0) return reader.invalid(node);
	return {
		kind: "choice",
		test: reader.expression(test),
		chosen: reader.expression(then),
		otherwise: reader.expression(otherwise),
		at: node.from
	};
}
function parseLambda(node, reader) {
	const [, parameters, , body] = reader.children(node);
	if (parameters === void 0 || body === void 0) return reader.invalid(node);
	return {
		kind: "lambda",
		parameters: parseParameters(reader.children(parameters), reader),
		body: reader.expression(body),
		at: node.from
	};
}
function parseNamed(node, reader) {
	return namedOrPlain(reader.children(node), reader);
}
function parseNumber(node, reader) {
	const value = numberOf(reader.text(node));
	if (value === void 0) return reader.invalid(node, `"${reader.text(node)}" is no number of a config`);
	return {
		kind: "constant",
		value,
		at: node.from
	};
}
function parseMember(node, reader) {
	const [object, mark, ...rest] = reader.children(node);
	if (object === void 0 || mark === void 0) return reader.invalid(node);
	if (mark.name === ".") {
		const [property] = rest;
		if (property === void 0) return reader.invalid(node);
		return {
			kind: "attribute",
			object: reader.expression(object),
			name: reader.text(property),
			at: property.from
		};
	}
	const parts = rest.slice(0, -1);
	const index = parts.some(({ name }) => name === ":") ? parseSlice(parts, reader) : parseTuple(parts, reader, node);
	return {
		kind: "item",
		object: reader.expression(object),
		index,
		at: mark.from
	};
}
function parseSlice(nodes, reader) {
	const comma = nodes.find(({ name }) => name === ",");
	if (comma !== void 0) return reader.refuse(comma, "a slice of several dimensions is not read");
	const bounds = [void 0];
	for (const node of nodes) if (node.name === ":") bounds.push(void 0);
	else bounds[bounds.length - 1] = reader.expression(node);
	const [start, stop, step] = bounds;
	return {
		kind: "slice",
		start,
		stop,
		step,
		at: nodes[0].from
	};
}
var REFUSED$1, PARSERS$1;
var init_parse_expression = __esmMin((() => {
	init_parse_call();
	init_parse_literals();
	init_parse_operators();
	init_parse_strings();
	init_reader();
	REFUSED$1 = {
		AwaitExpression: "`await` is not read",
		YieldExpression: "`yield` is not read",
		Ellipsis: "`...` is no value of a config"
	};
	PARSERS$1 = {
		Number: parseNumber,
		String: parseStrings,
		FormatString: parseStrings,
		ContinuedString: parseStrings,
		Boolean: (node, reader) => ({
			kind: "constant",
			value: reader.text(node) === "True",
			at: node.from
		}),
		None: (node) => ({
			kind: "constant",
			value: null,
			at: node.from
		}),
		VariableName: (node, reader) => ({
			kind: "name",
			name: reader.text(node),
			at: node.from
		}),
		ParenthesizedExpression: (node, reader) => reader.expression(inside(node, reader)[0] ?? reader.invalid(node)),
		TupleExpression: (node, reader) => collection("tuple", node, reader),
		ArrayExpression: (node, reader) => collection("list", node, reader),
		SetExpression: (node, reader) => collection("set", node, reader),
		DictionaryExpression: parseDictionary,
		ArrayComprehensionExpression: (node, reader) => parseComprehension("list", node, reader),
		SetComprehensionExpression: (node, reader) => parseComprehension("set", node, reader),
		DictionaryComprehensionExpression: (node, reader) => parseComprehension("dict", node, reader),
		ComprehensionExpression: (node, reader) => parseComprehension("generator", node, reader),
		BinaryExpression: parseOperators,
		UnaryExpression: parseOperators,
		ConditionalExpression: parseChoice,
		LambdaExpression: parseLambda,
		NamedExpression: parseNamed,
		CallExpression: (node, reader) => parseCall(node, reader, comprehensionOf),
		MemberExpression: parseMember
	};
}));
// src/config/python/parse-import.ts
/** `import a.b as c, d` and `from ..a.b import (c as d, e)`. */
function parseImport(nodes, reader, node) {
	const [word] = nodes;
	if (word?.name !== "from") return {
		kind: "import",
		modules: commaParts(nodes.slice(1)).map((part) => {
			const names = part.filter(({ name }) => name === "VariableName").map((name) => reader.text(name));
			const isRenamed = part.at(-2)?.name === "as";
			return {
				path: isRenamed ? names.slice(0, -1) : names,
				as: isRenamed ? names.at(-1) : void 0,
				at: (part[0] ?? node).from
			};
		}),
		at: node.from
	};
	const split = nodes.findIndex(({ name }) => name === "import");
	const head = nodes.slice(1, split);
	const module = head.filter(({ name }) => name === "VariableName").map((name) => reader.text(name));
	const tail = nodes.slice(split + 1).filter(({ name }) => name !== "(" && name !== ")");
	return {
		kind: "from",
		level: levelOf(head),
		module,
		names: tail[0]?.name === "*" ? void 0 : commaParts(tail).map((part) => importedName$1(part, reader, node)),
		at: node.from
	};
}
/** Dots before the first name. */
function levelOf(head) {
	const first = head.findIndex(({ name }) => name === "VariableName");
	return head.slice(0, first < 0 ? head.length : first).reduce((sum, { from, to }) => sum + to - from, 0);
}
function importedName$1(part, reader, node) {
	const [name, , as] = part;
	if (name === void 0) return reader.invalid(node);
	return {
		name: reader.text(name),
		as: reader.text(as ?? name),
		at: name.from
	};
}
var init_parse_import = __esmMin((() => {
	init_reader();
}));
// src/config/python/parse.ts
/** The statements of a config. Throws TMAN-CFG-001 with line and column where it is no Python, or Python that is not read. */
function parsePython(source) {
	const reader = new Reader(source, parseExpression);
	const start = { from: 0 };
	if (source.text.length > LIMITS.fileLength) reader.refuse(start, `it is longer than ${LIMITS.fileLength} characters`);
	const zero = source.text.indexOf("\0");
	if (zero >= 0) reader.invalid({
		from: zero,
		to: zero
	}, "a null byte");
	try {
		return parseAll(reader);
	} catch (error) {
		if (error instanceof RangeError) return reader.refuse(start, `it nests deeper than ${LIMITS.depth} levels`);
		throw error;
	}
}
function parseAll(reader) {
	const tree = treeOf(reader.source.text);
	const nodes = reader.children(tree.topNode);
	checkIndent(nodes, reader, "");
	const found = statements(nodes, reader);
	tree.iterate({ enter: (node) => node.type.isError ? reader.invalid(node) : void 0 });
	return found;
}
/**
* The grammar has no number that ends with its point, `1.`. It is shown a digit there instead; what the number is worth is
* read from the text itself.
*/
function treeOf(text) {
	const tree = parser.parse(text);
	const isNumber = (at) => !/String|Comment|Escape|FormatSpec/.test(tree.resolveInner(at, 1).name);
	const shown = text.replace(POINT_AT_END, (number, at) => isNumber(at) ? `${number.slice(0, -1)}0` : number);
	return shown === text ? tree : parser.parse(shown);
}
/** The grammar takes lines of any indent for one block; Python does not. */
function checkIndent(nodes, reader, expected) {
	let indent = expected;
	for (const node of nodes) {
		const line = reader.source.text.slice(reader.source.text.lastIndexOf("\n", node.from - 1) + 1, node.from);
		if (!/^\s*$/.test(line)) continue;
		indent ??= line;
		if (line !== indent) reader.invalid(node, "unexpected indent");
	}
}
function statements(nodes, reader) {
	return nodes.flatMap((node) => {
		if (node.name === "StatementGroup") return statements(reader.children(node).filter(({ name }) => name !== ";"), reader);
		return reader.deeper(node, () => statement(node, reader));
	});
}
function operatorOf(node, reader) {
	const text = reader.text(node);
	return /^([-+*/%@&|^]|\*\*|\/\/|<<|>>)=$/.test(text) ? text.slice(0, -1) : reader.invalid(node);
}
function statement(node, reader) {
	const refused = Object.hasOwn(REFUSED, node.name) ? REFUSED[node.name] : void 0;
	if (refused !== void 0) return reader.refuse(node, refused);
	const parse = Object.hasOwn(PARSERS, node.name) ? PARSERS[node.name] : void 0;
	const children = reader.children(node);
	if (children[0]?.name === "async") return reader.refuse(node, "`async` is not read");
	return parse === void 0 ? reader.invalid(node) : parse(children, reader, node);
}
function parseAssign(nodes, reader, node) {
	const parts = [[]];
	for (const child of nodes) if (child.name === "AssignOp") parts.push([]);
	else if (child.name !== "TypeDef") parts.at(-1).push(child);
	if (parts.length === 1) return {
		kind: "pass",
		at: node.from
	};
	if (parts.some((part) => part.length === 0)) return reader.invalid(node);
	const expressions = parts.map((part) => parseTuple(part, reader, node));
	return {
		kind: "assign",
		targets: expressions.slice(0, -1),
		value: expressions.at(-1),
		at: node.from
	};
}
function bodyOf$2(node, reader) {
	if (node === void 0) return [];
	const nodes = reader.children(node).slice(1);
	checkIndent(nodes, reader);
	return statements(nodes, reader);
}
function parseIf(nodes, reader, node) {
	const branches = [];
	let otherwise = [];
	for (let index = 0; index < nodes.length;) {
		const end = nodes.findIndex(({ name }, at) => at > index && name === "Body");
		const body = bodyOf$2(nodes[end], reader);
		if (nodes[index]?.name === "else") otherwise = body;
		else branches.push({
			test: parseTuple(nodes.slice(index + 1, end), reader, node),
			body
		});
		index = end < 0 ? nodes.length : end + 1;
	}
	return {
		kind: "if",
		branches,
		otherwise,
		at: node.from
	};
}
function parseFor(nodes, reader, node) {
	const split = nodes.findIndex(({ name }) => name === "in");
	const bodies = nodes.filter(({ name }) => name === "Body");
	const end = nodes.indexOf(bodies[0]);
	return {
		kind: "for",
		target: parseTuple(nodes.slice(1, split), reader, node),
		iterable: parseTuple(nodes.slice(split + 1, end), reader, node),
		body: bodyOf$2(bodies[0], reader),
		otherwise: bodyOf$2(bodies[1], reader),
		at: node.from
	};
}
function parseWhile(nodes, reader, node) {
	const bodies = nodes.filter(({ name }) => name === "Body");
	return {
		kind: "while",
		test: parseTuple(nodes.slice(1, nodes.indexOf(bodies[0])), reader, node),
		body: bodyOf$2(bodies[0], reader),
		otherwise: bodyOf$2(bodies[1], reader),
		at: node.from
	};
}
function parseFunction(nodes, reader, node) {
	const find = (name) => nodes.find((child) => child.name === name);
	const list = find("ParamList") ?? reader.invalid(node);
	return {
		kind: "def",
		name: reader.text(find("VariableName") ?? reader.invalid(node)),
		parameters: parseParameters(reader.children(list).slice(1, -1), reader),
		body: bodyOf$2(find("Body"), reader),
		at: node.from
	};
}
/** `with read_base():` alone: it holds the imports of other configs. */
function parseWith(nodes, reader, node) {
	const [, context, body] = nodes;
	if (!(context !== void 0 && body?.name === "Body" && /^read_base\s*\(\s*\)$/.test(reader.text(context)))) return reader.refuse(node, "`with` is read for `with read_base():` only");
	return {
		kind: "bases",
		body: bodyOf$2(body, reader),
		at: node.from
	};
}
var POINT_AT_END, REFUSED, simple, PARSERS;
var init_parse = __esmMin((() => {
	init_machine();
	init_parse_call();
	init_parse_expression();
	init_parse_import();
	init_reader();
	POINT_AT_END = /(?<![\w.])\d[\d_]*\.(?=e[+-]?\d|[^\w.]|$)/gi;
	REFUSED = {
		ClassDefinition: "a class is not read: a config names one, `type=MyClass`, and imports it from its own file",
		DecoratedStatement: "decorators are not read",
		TryStatement: "`try` is not read",
		RaiseStatement: "`raise` is not read",
		YieldStatement: "`yield` is not read",
		MatchStatement: "`match` is not read",
		PrintStatement: "`print` is not read",
		TypeDefinition: "`type` statements are not read"
	};
	simple = (kind) => (_children, _reader, node) => ({
		kind,
		at: node.from
	});
	PARSERS = {
		ExpressionStatement: (children, reader, node) => ({
			kind: "expression",
			value: parseTuple(children, reader, node),
			at: node.from
		}),
		AssignStatement: parseAssign,
		UpdateStatement: ([target, operator, ...value], reader, node) => ({
			kind: "update",
			target: reader.expression(target),
			operator: operatorOf(operator, reader),
			value: parseTuple(value, reader, node),
			at: node.from
		}),
		IfStatement: parseIf,
		ForStatement: parseFor,
		WhileStatement: parseWhile,
		BreakStatement: simple("break"),
		ContinueStatement: simple("continue"),
		PassStatement: simple("pass"),
		DeleteStatement: ([, ...targets], reader, node) => ({
			kind: "delete",
			targets: commaParts(targets).map((part) => parseTuple(part, reader, node)),
			at: node.from
		}),
		FunctionDefinition: parseFunction,
		ReturnStatement: ([, ...value], reader, node) => ({
			kind: "return",
			value: value.length === 0 ? void 0 : parseTuple(value, reader, node),
			at: node.from
		}),
		ImportStatement: (children, reader, node) => parseImport(children, reader, node),
		WithStatement: parseWith,
		ScopeStatement: ([word, ...names], reader, node) => ({
			kind: "scope",
			which: word?.name === "nonlocal" ? "nonlocal" : "global",
			names: names.filter(({ name }) => name === "VariableName").map((name) => reader.text(name)),
			at: node.from
		}),
		AssertStatement: ([, ...parts], reader, node) => {
			const [test = [], message] = commaParts(parts).map((part) => parseTuple(part, reader, node));
			return {
				kind: "assert",
				test,
				message,
				at: node.from
			};
		}
	};
}));
// src/config/python/files.ts
/**
* Every file that a config needs, read before anything is evaluated: the evaluation itself touches no file. Only files in
* the config folders are read, links followed.
*/
async function gather(main, files) {
	const python = /* @__PURE__ */ new Map();
	const others = /* @__PURE__ */ new Map();
	const imports = /* @__PURE__ */ new Map();
	const finder = new Finder(dirname(main), files);
	const waiting = [{
		path: main,
		from: void 0
	}];
	for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) {
		const { path, from } = next;
		if (python.has(path) || others.has(path)) continue;
		if (python.size + others.size >= LIMITS.files && from !== void 0) throw unreadable$2(from, `it imports more than ${LIMITS.files} files`, "join some of them");
		if (extname(path) !== ".py" && path !== main) others.set(path, await files.readOther(path));
		else {
			const file = parsed(path, files);
			python.set(path, file);
			for (const statement of importsIn(file.statements)) {
				const found = finder.find(statement, path);
				if (found === void 0) continue;
				imports.set(statement, found);
				if ("path" in found) waiting.push({
					path: found.path,
					from: {
						source: file.source,
						at: statement.at
					}
				});
			}
		}
	}
	return {
		python,
		others,
		imports
	};
}
function parsed(path, files) {
	let text;
	try {
		text = files.readText(path).replace(/^\ufeff/, "");
	} catch (error) {
		throw unreadable$2({
			source: {
				path,
				text: ""
			},
			at: 0
		}, messageOf$2(error), "check the path");
	}
	const source = {
		path,
		text
	};
	return {
		source,
		statements: parsePython(source)
	};
}
function* importsIn(statements) {
	for (const one of statements) if (one.kind === "from") yield one;
	else if (one.kind === "if") {
		for (const { body } of one.branches) yield* importsIn(body);
		yield* importsIn(one.otherwise);
	} else if ("body" in one) {
		yield* importsIn(one.body);
		if ("otherwise" in one) yield* importsIn(one.otherwise);
	}
}
function isBelow(path, folder) {
	return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
var CONFIG_PACKAGE, EXTENSIONS, Finder;
var init_files = __esmMin((() => {
	init_errors$1();
	init_machine();
	init_parse();
	CONFIG_PACKAGE = [
		"ais_bench",
		"benchmark",
		"configs"
	];
	EXTENSIONS = [
		".py",
		".ts",
		".mts",
		".js",
		".mjs",
		".cjs",
		".json",
		".yaml",
		".yml"
	];
	Finder = class {
		#files;
		#folders;
		#real;
		/** The folder of the config that was named is one of the config folders too. */
		constructor(ownFolder, files) {
			this.#files = files;
			this.#folders = files.folders;
			this.#real = [ownFolder, ...files.folders];
		}
		find(statement, from) {
			const { level, module } = statement;
			if (level === 0) {
				if (!CONFIG_PACKAGE.every((name, index) => module[index] === name)) return void 0;
				const below = module.slice(CONFIG_PACKAGE.length);
				return this.#first(this.#folders.map((folder) => join(folder, ...below)), module.join("."));
			}
			const target = resolve(dirname(from), ...Array(level - 1).fill(".."), ...module);
			const asked = `${".".repeat(level)}${module.join(".")}`;
			if (module.length === 0) return { problem: `"from ${asked} import …" names no file` };
			const home = this.#folders.find((folder) => isBelow(from, folder));
			const elsewhere = home === void 0 ? [] : this.#folders.map((folder) => join(folder, relative(home, target)));
			return this.#first([target, ...elsewhere], asked);
		}
		/** The first of these places, without their extension, where a file lies. */
		#first(places, asked) {
			for (const place of places) for (const candidate of [...EXTENSIONS.map((extension) => place + extension), join(place, "__init__.py")]) {
				const path = this.#files.realPath(candidate);
				if (path === void 0) continue;
				if (this.#real.some((folder) => isBelow(path, folder))) return { path };
				return { problem: `"${asked}" lies outside of the config folders` };
			}
			return { problem: `there is no config "${asked}"` };
		}
	};
}));
// src/config/python/imports.ts
/** `import a.b`: nothing is loaded; `a` stands for the module. */
function runImport(modules, scope, { machine }) {
	for (const { path, as } of modules) {
		const whole = as === void 0 ? path.slice(0, 1) : path;
		setName(as ?? String(path[0]), member(whole, machine, true), scope, machine.place);
	}
}
/** `from x import y`: the variables of another config, or names that stand for what is there. */
function runImportFrom(statement, scope, evaluator) {
	const { machine } = evaluator;
	const { module, names, at } = statement;
	if (module[0] === "__future__") return;
	const base = evaluator.base(statement);
	machine.at = at;
	if (base !== void 0) return fromConfig(base, statement, scope, evaluator);
	if (names === void 0) {
		const dotted = module.join(".");
		return machine.refuse(`what "${dotted}" holds is not known: it is no config`, "import its names one by one");
	}
	for (const { name, as, at: place } of names) {
		machine.at = place;
		setName(as, member([...module, name], machine), scope, machine.place);
	}
}
function fromConfig(base, { names, module }, scope, { machine }) {
	const there = [...base.entries.values()].map(({ key }) => String(key));
	const wanted = names ?? there.filter((name) => !name.startsWith("_")).map((name) => ({
		name,
		as: name,
		at: machine.at
	}));
	for (const { name, as, at } of wanted) {
		machine.at = at;
		const value = base.text(name);
		if (value === void 0) {
			const near = nearest$2(name, there);
			return machine.fail(`"${module.at(-1)}" defines no '${name}'${near === void 0 ? "" : `; did you mean '${near}'?`}`);
		}
		setName(as, value, scope, base.placeOf(name) ?? machine.place);
	}
}
var init_imports = __esmMin((() => {
	init_nearest();
	init_modules();
	init_names();
}));
// src/config/python/statements.ts
function executeAll(body, scope, evaluator) {
	const { machine } = evaluator;
	for (const statement of body) {
		machine.step();
		machine.at = statement.at;
		const flow = machine.deeper(() => executeOne(statement, scope, evaluator));
		if (flow !== "next") return flow;
	}
	return "next";
}
function executeOne(statement, scope, evaluator) {
	const { machine } = evaluator;
	switch (statement.kind) {
		case "expression":
			evaluator.evaluate(statement.value, scope);
			return "next";
		case "assign": return assignAll(statement, scope, evaluator);
		case "update":
			updateTarget(statement, scope, evaluator);
			return "next";
		case "if": return choose(statement, scope, evaluator);
		case "for": return loop(statement, scope, evaluator);
		case "while": return repeat(statement, scope, evaluator);
		case "break":
		case "continue": return statement.kind;
		case "delete":
			for (const target of statement.targets) removeTarget(target, scope, evaluator);
			return "next";
		case "def":
			setName(statement.name, define(statement, scope, evaluator), scope, machine.place);
			return "next";
		case "return": return { returned: statement.value === void 0 ? null : evaluator.evaluate(statement.value, scope) };
		case "import":
			runImport(statement.modules, scope, evaluator);
			return "next";
		case "from":
			runImportFrom(statement, scope, evaluator);
			return "next";
		case "bases": return evaluator.execute(statement.body, scope);
		case "assert": return check(statement, scope, evaluator);
		default: return "next";
	}
}
function assignAll({ targets, value, at }, scope, evaluator) {
	const given = evaluator.evaluate(value, scope);
	for (const target of targets) {
		evaluator.machine.at = at;
		evaluator.assign(target, given, scope);
	}
	return "next";
}
function choose({ branches, otherwise }, scope, evaluator) {
	const taken = branches.find(({ test }) => isTrue(evaluator.evaluate(test, scope)));
	return evaluator.execute(taken === void 0 ? otherwise : taken.body, scope);
}
function loop({ target, iterable, body, otherwise, at }, scope, evaluator) {
	const { machine } = evaluator;
	for (const item of iterate(evaluator.evaluate(iterable, scope), machine)) {
		machine.at = at;
		evaluator.assign(target, item, scope);
		const flow = evaluator.execute(body, scope);
		if (flow === "break") return "next";
		if (typeof flow === "object") return flow;
		machine.at = at;
	}
	return evaluator.execute(otherwise, scope);
}
function repeat({ test, body, otherwise }, scope, evaluator) {
	while (isTrue(evaluator.evaluate(test, scope))) {
		const flow = evaluator.execute(body, scope);
		if (flow === "break") return "next";
		if (typeof flow === "object") return flow;
	}
	return evaluator.execute(otherwise, scope);
}
function check({ test, message, at }, scope, evaluator) {
	if (isTrue(evaluator.evaluate(test, scope))) return "next";
	const text = message === void 0 ? "" : `: ${str(evaluator.evaluate(message, scope), evaluator.machine)}`;
	evaluator.machine.at = at;
	return evaluator.machine.fail(`AssertionError${text}`);
}
var init_statements = __esmMin((() => {
	init_access();
	init_assignments();
	init_functions();
	init_imports();
	init_names();
	init_repr();
	init_values();
}));
// src/config/python/read.ts
/** Reads a config in Python without running Python: a small interpreter of what configs use. */
var read_exports = /* @__PURE__ */ __exportAll({ readPython: () => readPython });
/**
* The variables of a Python config as plain data. `path` is absolute and without links. Throws TMAN-CFG-001 with file,
* line and column for anything that is no Python, that Python would fail at, or that a config may not do (`LIMITS`).
*/
async function readPython(path, files, nameOf) {
	const gathered = await gather(path, files);
	const source = gathered.python.get(path)?.source ?? {
		path,
		text: ""
	};
	const machine = new Machine(source);
	try {
		const globals = new Evaluation(gathered, machine).run(path);
		const converter = new Converter(machine, nameOf);
		const values = converter.variables(globals);
		return {
			values,
			where: (keys) => whereIs(keys, {
				values,
				path
			}, converter.places)
		};
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw unreadable$2(machine.place, "it nests too deeply", `keep below ${LIMITS.depth} levels`);
	}
}
var Evaluation;
var init_read = __esmMin((() => {
	init_assignments();
	init_data();
	init_expressions();
	init_files();
	init_functions();
	init_machine();
	init_statements();
	init_values();
	Evaluation = class {
		machine;
		#gathered;
		#done = /* @__PURE__ */ new Map();
		constructor(gathered, machine) {
			this.#gathered = gathered;
			this.machine = machine;
		}
		evaluate = (expression, scope) => evaluateExpression(expression, scope, this);
		execute = (body, scope) => executeAll(body, scope, this);
		assign = (target, value, scope) => assignTo(target, value, scope, this);
		call = (callee, given) => callValue(callee, given, this);
		base(statement) {
			const found = this.#gathered.imports.get(statement);
			if (found === void 0) return void 0;
			this.machine.at = statement.at;
			return "path" in found ? this.run(found.path) : this.machine.fail(found.problem);
		}
		run(path) {
			const { machine } = this;
			const before = this.#done.get(path);
			if (before === "running") machine.fail(`"${path}" imports itself`);
			if (before !== void 0) return before;
			const { source, at } = machine;
			this.#done.set(path, "running");
			const globals = machine.deeper(() => this.#evaluated(path));
			this.#done.set(path, globals);
			machine.source = source;
			machine.at = at;
			return globals;
		}
		#evaluated(path) {
			const { machine } = this;
			const other = this.#gathered.others.get(path);
			if (other !== void 0) return toValue(other, machine);
			const file = this.#gathered.python.get(path);
			if (file === void 0) return machine.fail(`"${path}" was not read`);
			machine.source = file.source;
			const globals = new Dict();
			globals.setText("__name__", basename(path, ".py"));
			globals.setText("__file__", path);
			const flow = this.execute(file.statements, {
				variables: globals,
				outer: void 0,
				globals
			});
			if (flow !== "next") machine.fail(`'${typeof flow === "string" ? flow : "return"}' stands outside of what it ends`);
			return globals;
		}
	};
}));
// src/config/load.ts
init_errors$1();
/** Reads a config file by its extension. Throws TMAN-CFG-001 with file and line. */
async function loadConfig(path, context) {
	const extension = extname(path);
	if (extension === ".json" || extension === ".yaml" || extension === ".yml") return loadYaml(path);
	if (extension === ".py") return loadPython(path, context);
	return {
		path,
		values: await loadModule(path, context),
		where: () => path
	};
}
/** The interpreter is loaded only where there is a config in Python. */
async function loadPython(path, context) {
	const { readPython } = await Promise.resolve().then(() => (init_read(), read_exports));
	const { folders = [context.shipped] } = context;
	const files = {
		folders: folders.flatMap((folder) => realFolder(folder) ?? []),
		realPath: realFile,
		readText: readNamedFile,
		readOther: async (other) => (await loadConfig(other, context)).values
	};
	return {
		path,
		...await readPython(realFile(path) ?? path, files, importedName)
	};
}
/**
* What stands for a name that a Python config imports: the name alone, which is looked up as any other; or its file, where
* the module is no part of AISBench and lies below the folder that the command runs in.
*/
function importedName(path) {
	const name = path.at(-1) ?? "";
	const file = `./${path.slice(0, -1).join("/")}.py`;
	return path[0] !== "ais_bench" && realFile(file) !== void 0 ? `${file}:${name}` : name;
}
async function loadYaml(path) {
	const yaml = await import("yaml");
	const lines = new yaml.LineCounter();
	const document = yaml.parseDocument(readText(path), {
		lineCounter: lines,
		prettyErrors: false
	});
	const problem = document.errors[0];
	if (problem !== void 0) throw unreadable$1(`${path}:${lines.linePos(problem.pos[0]).line}`, problem.message);
	const values = attempt$1(path, () => document.toJS({ maxAliasCount: 100 }));
	if (typeof values !== "object" || values === null || Array.isArray(values)) throw unreadable$1(`${path}:1`, "it is not a table of keys (expected `models:`, `…_datasets:` or `summarizer:`)");
	const where = (keys) => {
		for (let depth = keys.length; depth > 0; depth--) {
			const offset = offsetOf(document, keys.slice(0, depth), yaml);
			if (offset !== void 0) return `${path}:${lines.linePos(offset).line}`;
		}
		return path;
	};
	return {
		path,
		values,
		where
	};
}
/** Where a key stands, or an item of a list. */
function offsetOf(document, keys, yaml) {
	const holder = document.getIn(keys.slice(0, -1), true);
	const isIt = ({ key }) => yaml.isScalar(key) && String(key.value) === String(keys.at(-1));
	const node = yaml.isMap(holder) ? holder.items.find(isIt)?.key : document.getIn(keys, true);
	return yaml.isNode(node) ? node.range?.[0] : void 0;
}
/** The text of a file that a config names. Throws what the file system says. */
function readNamedFile(path) {
	return readFileSync(path, "utf8");
}
function readText(path) {
	return attempt$1(path, () => readFileSync(path, "utf8"));
}
function attempt$1(path, action) {
	try {
		return action();
	} catch (cause) {
		throw unreadable$1(path, messageOf$2(cause), cause);
	}
}
/** What a JavaScript or TypeScript file exports, the members of an object that is its default export included. */
async function loadModule(path, context) {
	try {
		if (path.startsWith(context.shipped + sep)) return { ...await import(pathToFileURL(path).href) };
		const loaded = await importFrom(path, path, context.entry);
		const { default: fallback } = loaded;
		return {
			...typeof fallback === "object" ? fallback : {},
			...loaded
		};
	} catch (cause) {
		throw unreadable$1(positionIn(cause, path), messageOf$2(cause), cause);
	}
}
/**
* Imports a module as a file would that stands at `from`: a path, or the name of a package. TypeScript is understood, and
* `ais-bench` is this very copy, whether or not it is installed there.
*/
async function importFrom(from, what, entry) {
	const { createJiti } = await import("jiti");
	return { ...await createJiti(pathToFileURL(from).href, {
		alias: {
			"ais-bench/testing": join(dirname(entry), `testing/index${extname(entry)}`),
			"ais-bench": entry
		},
		fsCache: false
	}).import(what) };
}
/** The line in the file that a syntax error or a throw points to, when its text or stack tells. */
function positionIn(error, path) {
	const text = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : "";
	const afterPath = text.split(path)[1]?.match(/^:(\d+)/)?.[1];
	const inMessage = /\((\d+):\d+\)/.exec(text)?.[1];
	const line = afterPath ?? inMessage;
	return line === void 0 ? path : `${path}:${line}`;
}
function unreadable$1(where, why, cause) {
	return new AisBenchError("TMAN-CFG-001", `this config cannot be read: ${why}`, {
		where,
		cure: "correct the file at that place",
		cause
	});
}
// src/config/connection-plan.ts
const BALANCES = ["round_robin", "least_in_flight"];
// src/config/schema-connection.ts
/** Config fields about how a service is reached; all of them are ours (AISBench has none of them). */
const file = z.string().min(1);
const tlsSchema = z.strictObject({
	ca: file.optional().describe("PEM file of the authorities to trust, in place of the built-in ones."),
	cert: file.optional().describe("PEM file of the certificate that this client shows."),
	key: file.optional().describe("PEM file of that certificate’s private key."),
	passphrase: z.string().optional().describe("What opens the key; may be {env:NAME}."),
	server_name: z.string().min(1).optional().describe("Name that the server’s certificate must hold, instead of the URL’s host."),
	insecure: z.boolean().default(false).describe("Do not check certificates.")
}).meta({ title: "table" });
const adapterShare = z.strictObject({
	name: z.string().describe("Adapter or model; empty: the model itself."),
	weight: z.number().positive().describe("Its share, relative to the others.")
});
const connectionFields = {
	url: z.union([z.string(), z.array(z.string().min(1)).min(1)]).default("").meta({ title: "text or list" }).describe("Base URL of the service, or several; replaces host_ip and host_port."),
	urls: z.array(z.string().min(1)).min(1).optional().describe("Several base URLs; another way to write `url` (ours)."),
	balance: z.enum(BALANCES).default("round_robin").describe("Which of several URLs gets a case: the next one, or the least busy one (ours)."),
	headers: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}).describe("Headers of every request; see docs/connections.md for fields (ours)."),
	tls: tlsSchema.optional().describe("How https is spoken: ca, cert, key, passphrase, server_name, insecure (ours)."),
	proxy: z.string().default("env").describe("Proxy URL; env: http_proxy, https_proxy and no_proxy; empty: none (ours)."),
	http2: z.boolean().default(false).describe("Use HTTP/2; over http:// without asking the server first (ours)."),
	lora_mix: z.array(adapterShare).min(1).optional().describe("Adapters or models to spread the cases over by weight (ours)."),
	lora_seed: z.int().min(0).default(0).describe("Seed of lora_mix (ours).")
};
// src/config/schema-traffic.ts
/** `traffic_cfg` of a service model: AISBench's four keys (§2.1, §5.3), and ours. */
const rateOrNothing = z.union([z.number().min(0), z.literal("")]).nullish();
const trafficSchema = z.strictObject({
	burstiness: rateOrNothing.describe("Shape of the gamma distribution of gaps: 0 or nothing even, 1 Poisson, below 1 burstier, above 1 smoother."),
	ramp_up_strategy: z.enum([
		"linear",
		"exponential",
		""
	]).nullish().describe("How the rate goes from ramp_up_start_rps to ramp_up_end_rps over the requests."),
	ramp_up_start_rps: rateOrNothing.describe("Rate of the first request, requests per second."),
	ramp_up_end_rps: rateOrNothing.describe("Rate of the last request, requests per second."),
	arrival: z.enum(ARRIVALS).optional().describe("Name of the schedule; without it what request_rate, burstiness and use_timestamp say (ours)."),
	steps: z.string().min(1).optional().describe("Rates one after the other instead of request_rate, e.g. 10@30s,20@30s (ours)."),
	absolute_timestamps: z.boolean().default(false).describe("Whether timestamps count from the start of the load and not from the first of them (ours).")
});
// src/config/schema.ts
/**
* The one source of what a config may hold: validation, the JSON Schema for editors and the table in `docs/config.md`
* all come from here. Names and meanings are AISBench's (§2.1, §4.1); ours are marked so.
*/
const count = (min, max) => z.int().min(min).max(max);
const seconds = z.number().min(0);
const keyValues = z.record(z.string(), z.unknown());
/** A class, or the name of one. */
const classOrName = z.union([z.string().min(1), z.custom((value) => typeof value === "function")]).meta({ title: "class or name" });
const timeoutsSchema = z.strictObject({
	connect: seconds.default(10).describe("Seconds to connect: name, TCP, proxy and TLS together; 0 = no limit."),
	first_token: seconds.default(600).describe("Seconds from sending to the first event of a streamed reply; 0 = no limit."),
	idle: seconds.default(120).describe("Seconds between two reads of a streamed reply; 0 = no limit."),
	total: seconds.default(3600).describe("Seconds from sending until the reply is read; 0 = no limit.")
});
const serviceModelSchema = z.strictObject({
	attr: z.literal("service").describe("Marks a model behind an HTTP service."),
	type: classOrName.describe("The model class: a shipped name, or your own class."),
	abbr: z.string().min(1).describe("Unique short name; names the result files."),
	path: z.string().default("").describe("Folder of the tokenizer, to count tokens where the service does not."),
	model: z.string().default("").describe("Name the service knows the model by; empty: asked from v1/models."),
	model_name: z.string().optional().describe("Another name of `model` (Triton configs)."),
	stream: z.boolean().default(false).describe("Whether replies are streamed; without it TTFT, TPOT and ITL cannot be measured."),
	request_rate: z.number().min(0).max(64e3).default(0).describe("Requests per second, one every 1/rate s; below 0.1 as fast as batch_size lets them."),
	use_timestamp: z.boolean().default(false).describe("Send each row at its own `timestamp` (ms, a column of the dataset)."),
	traffic_cfg: trafficSchema.optional().describe("How requests arrive: see docs/load.md."),
	retry: count(0, 1e3).default(2).describe("Attempts after the first one; 0 sends each request once."),
	api_key: z.string().default("").describe("Sent as `Authorization: Bearer …`; never written anywhere."),
	host_ip: z.string().min(1).default("localhost").describe("Host name or address of the service."),
	host_port: count(1, 65535).default(8080).describe("Port of the service."),
	...connectionFields,
	enable_ssl: z.boolean().default(false).describe("Use https with host_ip and host_port."),
	max_out_len: count(1, 1e9).default(4096).describe("Largest number of tokens to generate."),
	batch_size: count(1, 1e5).default(1).describe("Largest number of requests in flight."),
	trust_remote_code: z.boolean().default(false).describe("Kept for AISBench configs; no remote code is ever run."),
	generation_kwargs: keyValues.default({}).describe("Sent untouched with every request (temperature, ignore_eos, …)."),
	meta_template: keyValues.optional().describe("How dialogue roles are told to this model."),
	pred_postprocessor: keyValues.optional().describe("Kept for AISBench configs: reasoning is always taken off before scoring."),
	returns_tool_calls: z.boolean().default(false).describe("Whether a row’s column `tools` is sent with its requests."),
	response_anomaly: z.unknown().optional().describe("Kept for AISBench configs."),
	verbose: z.boolean().default(false).describe("Kept for AISBench configs."),
	summarizer_abbr: z.string().optional().describe("Kept for AISBench configs; the summary names models by abbr."),
	min_out_len: count(0, 1e9).optional().describe("Kept for AISBench configs."),
	run_cfg: keyValues.optional().describe("Kept for AISBench configs."),
	timeouts: timeoutsSchema.prefault({}).describe("Time limits of a request (ours).")
});
/** Any further key is the model class's own. */
const localModelSchema = z.looseObject({
	attr: z.literal("local").describe("Marks a model that is loaded in this process."),
	type: classOrName.describe("The model class: your own class, or its name."),
	abbr: z.string().min(1).describe("Unique short name; names the result files."),
	path: z.string().min(1).describe("Folder or name of weights and tokenizer."),
	max_out_len: count(1, 1e9).describe("Largest number of tokens to generate."),
	batch_size: count(1, 1e5).describe("Prompts that are answered together."),
	max_seq_len: count(1, 1e9).describe("Longest sequence, prompt and answer together, in tokens."),
	tokenizer_only: z.boolean().default(false).describe("Load the tokenizer and leave the weights."),
	python: z.string().min(1).optional().describe("Interpreter of a model that runs in Python; else that of `VIRTUAL_ENV`, else `python3` (ours)."),
	generation_kwargs: keyValues.default({}).describe("Handed to the model class."),
	meta_template: keyValues.optional().describe("How dialogue roles are told to this model."),
	pred_postprocessor: keyValues.optional().describe("Kept for AISBench configs: reasoning is always taken off before scoring."),
	summarizer_abbr: z.string().optional().describe("Kept for AISBench configs; the summary names models by abbr."),
	min_out_len: count(0, 1e9).optional().describe("Kept for AISBench configs."),
	run_cfg: keyValues.optional().describe("Kept for AISBench configs.")
});
const templateSchema = z.looseObject({
	type: z.string().default("PromptTemplate"),
	template: z.unknown()
});
const readerSchema = z.strictObject({
	input_columns: z.union([z.array(z.string()), z.string().transform((name) => [name])]),
	output_column: z.string().nullable().default(null),
	train_split: z.string().optional(),
	test_split: z.string().optional(),
	train_range: z.union([z.string(), z.number()]).optional(),
	test_range: z.union([z.string(), z.number()]).optional()
});
const evalSchema = z.looseObject({
	evaluator: z.looseObject({ type: z.string().min(1) }),
	pred_postprocessor: z.looseObject({ type: z.string().min(1) }).optional(),
	dataset_postprocessor: z.looseObject({ type: z.string().min(1) }).optional(),
	extractors: z.record(z.string(), z.looseObject({ type: z.string().min(1) })).refine((table) => Object.keys(table).length > 0, "is empty").optional(),
	rules: z.enum(["fixed", "compat"]).default("fixed")
});
/** One question an answer: a judge holds no dialogue, and has no train rows to show. */
const judgeSchema = z.strictObject({
	judge_model: keyValues.optional(),
	judge_dataset_type: z.unknown().optional(),
	judge_reader_cfg: readerSchema.prefault({ input_columns: [] }),
	prompt_template: templateSchema,
	retriever: z.looseObject({ type: z.literal("ZeroRetriever") }).prefault({ type: "ZeroRetriever" }),
	inferencer: z.looseObject({ type: z.literal("GenInferencer") }).prefault({ type: "GenInferencer" })
});
const datasetSchema = z.looseObject({
	abbr: z.string().min(1).describe("Unique short name; names the result files."),
	type: z.union([z.string().min(1), z.custom((value) => typeof value === "object" && value !== null)]),
	path: z.string().default("").describe("Where the data lies, relative to AIS_BENCH_DATASETS_CACHE or ./datasets."),
	n: count(1, 1e5).optional().describe("How often each row is asked, where the model has no `num_return_sequences`."),
	k: z.union([z.array(count(1, 1e5)).min(1), count(1, 1e5).transform((k) => [k])]).meta({ title: "integer ≥ 1, or a list of them" }).optional().describe("For which k `pass@k` and `cons@k` are told; as often as each row is asked unless given."),
	reader_cfg: readerSchema.describe("Columns that prompts and scores use, and which rows."),
	infer_cfg: z.strictObject({
		prompt_template: templateSchema,
		ice_template: templateSchema.optional(),
		retriever: z.looseObject({ type: z.string().min(1) }),
		inferencer: z.looseObject({ type: z.string().min(1) })
	}).describe("How a row becomes a prompt."),
	eval_cfg: evalSchema.optional().describe("How an answer is scored; without it a dataset is for performance only."),
	judge_infer_cfg: judgeSchema.optional().describe("Which model judges the answers, and how it is asked; `eval_cfg` then scores its replies.")
});
const summarizerSchema = z.looseObject({
	attr: z.enum(["accuracy", "performance"]),
	type: z.string().optional(),
	stats_list: z.array(z.string().regex(/^(Average|Min|Max|Median|P[1-9]\d?)$/, "is none of Average, Min, Max, Median, P1…P99")).min(1).max(8).optional(),
	summary_groups: z.array(keyValues).optional()
});
/** The fields of a schema as the docs show them, from its JSON Schema. */
function fieldDocs(schema) {
	const json = z.toJSONSchema(schema, {
		unrepresentable: "any",
		io: "input"
	});
	const required = new Set(json["required"] ?? []);
	return Object.entries(json["properties"]).map(([name, field]) => ({
		name,
		required: required.has(name),
		fallback: field["default"] === void 0 ? "" : JSON.stringify(field["default"]),
		range: rangeOf(field),
		meaning: String(field["description"] ?? "")
	}));
}
function rangeOf(field) {
	if (field["const"] !== void 0) return JSON.stringify(field["const"]);
	if (field["title"] !== void 0) return String(field["title"]);
	const { type, minimum, maximum } = field;
	if (type === void 0) return "any";
	if (minimum === void 0) return type;
	return maximum === void 0 ? `${type} ≥ ${minimum}` : `${type} ${minimum}…${maximum}`;
}
// src/config/raw.ts
init_errors$1();
/**
* Finds and reads the configs that the flags name, and lays the flags' values over them; `more` are datasets that stand in
* no file.
*/
async function readRaw(flags, roots, given, more = []) {
	const context = {
		...given,
		folders: configFolders(roots)
	};
	if (flags.config !== void 0) return override(await readWhole(flags.config, context), flags);
	const read = async (kind, name) => {
		const files = findConfigs(kind, name, roots);
		return Promise.all(files.map(async (file) => ({
			file,
			loaded: await loadConfig(file.path, context)
		})));
	};
	const models = [];
	for (const { file, loaded } of await readAll(flags.models, (name) => read("models", name))) {
		const bare = modelOfClass(loaded, flags.mode);
		models.push(...bare === void 0 ? listOf$1(loaded, file, ["models"]) : [bare]);
	}
	const datasets = [...more];
	for (const name of flags.datasets) {
		const [base, suffix] = splitName(name);
		for (const { file, loaded } of await read("datasets", base)) datasets.push(...listOf$1(loaded, file, datasetKeys(loaded, suffix)));
	}
	let summarizer;
	if (flags.summarizer !== void 0) {
		const [base, suffix] = splitName(flags.summarizer);
		const [found] = await read("summarizers", base);
		summarizer = single(found.loaded, found.file, suffix ?? "summarizer");
	}
	return override({
		models: relabel("models", models),
		datasets: relabel("datasets", datasets),
		summarizer
	}, flags);
}
/** A config file that holds models, datasets and, if it likes, a summarizer. */
async function readWhole(path, context) {
	const file = configAtPath("models", path);
	const loaded = await loadConfig(file.path, context);
	return {
		models: listOf$1(loaded, file, ["models"]),
		datasets: listOf$1(loaded, {
			...file,
			kind: "datasets"
		}, ["datasets"]),
		summarizer: (loaded.values["summarizer"] ?? void 0) !== void 0 ? single(loaded, {
			...file,
			kind: "summarizers"
		}, "summarizer") : void 0,
		...sectionsOf(loaded)
	};
}
async function readAll(names, read) {
	const found = [];
	for (const name of names) found.push(...await read(name));
	return found;
}
/** `file/key` picks a variable of a file found by name; a path is a path. */
function splitName(name) {
	const isPath = name.startsWith(".") || isAbsolute(name) || /\.[a-z]{2,4}$/i.test(name);
	const slash = name.indexOf("/");
	return isPath || slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash + 1)];
}
/**
* Every top-level variable named `datasets` or `…_datasets`; `name/suffix` takes those that end with the suffix. In Python,
* `datasets` is the sum of the others, as in AISBench's configs, and counts where there are none.
*/
function datasetKeys(loaded, suffix) {
	const ending = suffix ?? "datasets";
	const parts = Object.keys(loaded.values).filter((key) => key.endsWith("_datasets"));
	if (suffix === void 0 && loaded.path.endsWith(".py") && parts.length > 0) return parts;
	return Object.keys(loaded.values).filter((key) => key === ending || key.endsWith(`_${ending}`));
}
function listOf$1(loaded, file, keys) {
	const entries = keys.flatMap((key) => {
		const list = loaded.values[key];
		if (!Array.isArray(list)) return [];
		return list.map((values, index) => entry(values, loaded, [key, index]));
	});
	if (entries.length > 0) return entries;
	const expected = file.kind === "models" ? "`models`" : "`datasets` or `…_datasets`";
	const orClass = file.kind === "models" ? ", or export a model class" : "";
	throw new AisBenchError("TMAN-CFG-002", `this ${file.kind} config defines no list ${expected}`, {
		where: loaded.path,
		cure: `define ${expected} as a list with one table an entry${orClass}`
	});
}
function single(loaded, file, key) {
	const values = loaded.values[key];
	if (typeof values === "object" && values !== null) return entry(values, loaded, [key]);
	throw new AisBenchError("TMAN-CFG-002", `this ${file.kind} config defines no \`${key}\``, {
		where: loaded.path,
		cure: `define \`${key}\` as a table`
	});
}
function entry(values, loaded, at) {
	if (typeof values !== "object" || values === null || Array.isArray(values)) throw new AisBenchError("TMAN-CFG-002", `${at.join(".")} is not a table of keys`, {
		where: loaded.where(at),
		cure: "write it as key: value pairs"
	});
	return {
		values: { ...values },
		label: at.join("."),
		overridden: {},
		where: (keys) => loaded.where([...at, ...keys])
	};
}
function relabel(kind, entries) {
	return entries.map((one, index) => ({
		...one,
		label: `${kind}.${index}`
	}));
}
function override(raw, flags) {
	let { models } = raw;
	for (const [flag, key] of Object.entries(MODEL_OVERRIDES)) {
		const value = flags[flag];
		if (value !== void 0) models = overrideAll(models, key.split("."), value, flagName(flag));
	}
	for (const [key, value] of Object.entries(flags.ramp ?? {})) models = overrideAll(models, ["traffic_cfg", key], value, "--ramp");
	for (const [name, value] of (flags.header ?? []).map(headerLine)) models = overrideAll(models.map(withoutHeader(name)), ["headers", name], value, "--header");
	const lists = {
		models: [...models],
		datasets: [...raw.datasets]
	};
	for (const assignment of flags.set) applySet(lists, assignment);
	return {
		...raw,
		...lists
	};
}
/** A flag that is about the other kind of model says nothing to a model; where nobody takes it, it was a mistake. */
function overrideAll(models, path, value, origin) {
	const schemaOf = ({ values }) => values["attr"] === "local" ? localModelSchema : serviceModelSchema;
	const takes = (entry) => Object.hasOwn(schemaOf(entry).shape, path[0]);
	if (models.length > 0 && !models.some(takes)) throw new AisBenchError("TMAN-CMD-002", Object.hasOwn(serviceModelSchema.shape, path[0]) ? `${origin} is for services, and every model here is a local one` : `${origin} is for local models, and every model here is a service`, {
		where: origin,
		cure: "leave the flag out"
	});
	return models.map((entry) => takes(entry) ? put(entry, path, value, origin) : entry);
}
/** `Name: value`. The error does not repeat the text: it may hold a key. */
function headerLine(text) {
	const [, name, value] = /^([^\s:]+)\s*:(.*)$/s.exec(text.trim()) ?? [];
	if (name !== void 0 && value !== void 0) return [name, value.trim()];
	throw new AisBenchError("TMAN-CMD-002", "this is no header", {
		where: "--header",
		cure: "write --header 'Name: value'"
	});
}
/** Header names are compared without regard to case: the flag's takes the place of the file's. */
function withoutHeader(name) {
	return (entry) => {
		const { headers } = entry.values;
		if (typeof headers !== "object" || headers === null) return entry;
		const others = Object.entries(headers).filter(([own]) => own.toLowerCase() !== name.toLowerCase());
		return {
			...entry,
			values: {
				...entry.values,
				headers: Object.fromEntries(others)
			}
		};
	};
}
function applySet(lists, assignment) {
	const [, kind, index, path, value] = /^(models|datasets)\.(\d+)\.([^=]+)=(.*)$/s.exec(assignment) ?? [];
	const list = kind === void 0 ? void 0 : lists[kind];
	const target = list?.[Number(index)];
	if (list === void 0 || target === void 0) {
		const there = `there are ${lists.models.length} model(s) and ${lists.datasets.length} dataset(s)`;
		throw new AisBenchError("TMAN-CMD-002", `--set ${assignment.split("=")[0]} names nothing; ${there}`, {
			where: "--set",
			cure: "write it as models.0.key=value or datasets.0.key=value, counted from 0"
		});
	}
	list[Number(index)] = put(target, path.split("."), scalar(value), `--set ${kind}.${index}.${path}`);
}
/** `5`, `true`, `null` and JSON are values; anything else is text. */
function scalar(text) {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
function put(target, path, value, origin) {
	const values = assign(target.values, path, value, origin);
	const [key = ""] = path;
	const before = path.length > 1 && Object.hasOwn(target.overridden, key) ? target.overridden[key] : void 0;
	const origins = before === void 0 || before.split(", ").includes(origin) ? origin : `${before}, ${origin}`;
	return {
		...target,
		values,
		overridden: {
			...target.overridden,
			[key]: origins
		}
	};
}
function assign(container, [key, ...rest], value, origin) {
	if (key === void 0) return value;
	if (Array.isArray(container)) {
		if (!/^\d+$/.test(key) || Number(key) >= container.length) throw noSuchItem(origin, container.length);
		return container.map((item, index) => String(index) === key ? assign(item, rest, value, origin) : item);
	}
	const table = typeof container === "object" && container !== null ? container : {};
	const inner = Object.hasOwn(table, key) ? table[key] : void 0;
	return {
		...table,
		[key]: assign(inner, rest, value, origin)
	};
}
function noSuchItem(origin, length) {
	return new AisBenchError("TMAN-CMD-002", `${origin} names nothing; the list has ${length} item(s)`, {
		where: "--set",
		cure: "count the items from 0, or set the whole list as JSON"
	});
}
// src/config/old-names.ts
const OLD_CLASSES = {
	VLLMCustomAPIStream: {
		type: "VLLMCustomAPI",
		stream: true
	},
	VLLMCustomAPIChatStream: {
		type: "VLLMCustomAPIChat",
		stream: true
	},
	TGICustomAPIStream: {
		type: "TGICustomAPI",
		stream: true
	},
	TritonCustomAPIStream: {
		type: "TritonCustomAPI",
		stream: true
	},
	VllmMultiturnAPIChatStream: {
		type: "VLLMCustomAPIChat",
		stream: true,
		drops: ["custom_client"]
	},
	VLLMFunctionCallAPIChat: {
		type: "VLLMCustomAPIChat",
		stream: false
	}
};
/** The entry under the class's present name; a class of one's own that has the old name stays. */
function underPresentName(entry, catalog) {
	const found = oldClassOf(entry, catalog);
	if (found === void 0) return entry;
	const { type, stream, drops = [] } = found;
	const kept = Object.entries(entry.values).filter(([key]) => !drops.includes(key));
	return {
		...entry,
		values: {
			...Object.fromEntries(kept),
			type,
			stream
		}
	};
}
/** One note a name, however many models have it. */
function notesOnOldNames(entries, catalog) {
	const notes = entries.flatMap((entry) => {
		const found = oldClassOf(entry, catalog);
		if (found === void 0) return [];
		return [`${entry.values["type"]} is an old name: ${found.type} with stream: ${found.stream} is used`];
	});
	return [...new Set(notes)];
}
function oldClassOf({ values: { type } }, { own }) {
	if (typeof type !== "string" || !Object.hasOwn(OLD_CLASSES, type)) return void 0;
	return own?.names().includes(type) ? void 0 : OLD_CLASSES[type];
}
// src/config/repeats.ts
init_errors$1();
/** How often a model is asked each row of a dataset: `num_return_sequences`, else the dataset's `n`, else once. */
function timesAsked({ repetitions, fixesRepetitions = false }, { n }) {
	return fixesRepetitions || n === void 0 ? repetitions : n;
}
/** Throws DSET-PARAM-002 where a dataset asks for a `k` of more answers than one of the models gives to each row. */
function requireEnoughAnswers(models, datasets, entries) {
	for (const [at, { abbr, config }] of datasets.entries()) {
		const most = Math.max(...config.k ?? [1]);
		const short = models.find((model) => timesAsked(model, config) < most);
		if (short === void 0) continue;
		const times = timesAsked(short, config);
		throw new AisBenchError("DSET-PARAM-002", `dataset ${abbr}: k is ${most}, but ${short.abbr} is asked each row ${times === 1 ? "once" : `${times} times`}`, {
			where: entries[at].where(["k"]),
			cure: short.fixesRepetitions ? `raise num_return_sequences in the generation_kwargs of ${short.abbr}, or lower k` : "set n of the dataset to at least k, or lower k"
		});
	}
}
/** What a person should know of an `n` that does not count. */
function notesOnRepeats(models, datasets) {
	return datasets.flatMap(({ abbr, config }) => models.filter((model) => config.n !== void 0 && timesAsked(model, config) !== config.n).map((model) => `${abbr}: n ${config.n} has no effect on ${model.abbr}, whose num_return_sequences is ${model.repetitions}`));
}
// src/store/redact.ts
/** Names under which secrets are kept in configs, headers and URLs, in snake or kebab case. */
const SECRET_NAME = /^(.*[_-])?((api|access|private|secret|auth|account)[_-]?key|auth|authorization|token|secret|password|passwd|pwd|passphrase|cookie|credential)s?$/;
/** Names that look like a secret's but count tokens, or say which token does what. */
const TOKEN_COUNT = /^((.*[_-])?tokens|((.*[_-])?(max|min|num|n|total|prompt|completion|first|last|next|stop|start|end|return|pad|eos|bos|unk|cls|sep|mask|special|ice)[_-])(.*[_-])?token)$/;
/** Whether what stands under this name (a config key, a header, a URL's parameter) is a secret. */
function isSecretName(name) {
	const snake = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
	return SECRET_NAME.test(snake) && !TOKEN_COUNT.test(snake);
}
/** A copy of plain data in which every value under a secret's name is masked. */
function maskSecrets(value) {
	if (Array.isArray(value)) return value.map(maskSecrets);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, isSecretName(name) && inner !== "" && inner !== null && inner !== void 0 ? "***" : maskSecrets(inner)]));
}
/** Every text under a secret's name and in a URL's credentials, anywhere in plain data: what a redactor has to know. */
function secretsIn(value) {
	if (typeof value === "string") return secretsInUrl(value);
	if (Array.isArray(value)) return value.flatMap(secretsIn);
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => isSecretName(name) ? textsIn(inner) : secretsIn(inner));
}
function textsIn(value) {
	if (typeof value === "string") return value === "" ? [] : secretWords(value);
	if (typeof value === "number") return [String(value)];
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
/** `Bearer abc` hides `abc` too, which appears alone when a server quotes the key back. */
function secretWords(value) {
	return [.../* @__PURE__ */ new Set([value, ...value.split(/\s+/).filter((word) => word.length >= 8)])];
}
function secretsInUrl(text) {
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return [];
	const { password, searchParams } = new URL(text);
	const parameters = [...searchParams].filter(([name]) => isSecretName(name)).map(([, secret]) => secret);
	return [
		password,
		decoded$1(password),
		...parameters
	].filter((secret) => secret !== "");
}
function decoded$1(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
// src/config/catalog.ts
init_errors$1();
init_nearest();
function unknownName(what, name, known, entry, keys = ["type"]) {
	const near = typeof name === "string" ? nearest$2(name, known) : void 0;
	const given = name === void 0 ? `no ${what} is given` : `there is no ${what} ${JSON.stringify(name)}`;
	return new AisBenchError("UTILS-CFG-003", `${entry.label}.${keys.join(".")}: ${given}`, {
		where: entry.where(keys),
		cure: near === void 0 ? `use one of: ${known.join(", ")}` : `did you mean "${near}"?`
	});
}
/** Where each of these keys got its value. */
function originsOf(entry, keys) {
	const origin = (key) => entry.overridden[key] ?? (Object.hasOwn(entry.values, key) ? entry.where([key]) : "default");
	return Object.fromEntries(keys.map((key) => [key, origin(key)]));
}
/** A config's values as a person may read them: secrets masked, the class left to its own line. */
function shownFields({ type: _class, ...values }) {
	return maskSecrets(values);
}
// src/config/python-classes.ts
/**
* Model classes that users wrote in Python, as AISBench's guide has it. They are found by the text of their files: Python
* runs when the model is loaded, never to read a config.
*/
init_errors$1();
init_nearest();
// src/config/own-classes.ts
/**
* Model classes that do not ship. What the guide's `__init__.py` does, a folder does here: a class exported from a module
* of `./models/` is found by its name. A module is loaded only where its text holds the name that is looked for.
*/
init_errors$1();
init_nearest();
/** `pkg/export`, `@scope/pkg/export`, `pkg/sub/export`: the module and what it exports. */
function splitPackage(type) {
	return [dirname(type), basename(type)];
}
// src/config/resolve-class.ts
init_errors$1();
/**
* The class that a model entry's `type` means: a class itself, a shipped name, `file.py:Class`, `package/export`, or the
* name of a class in the user's folder. Throws UTILS-CFG-003 with the nearest name.
*/
async function classOf(entry, catalog) {
	const { type } = entry.values;
	if (typeof type === "function") return type;
	const { models, own } = catalog;
	if (typeof type === "string" && type !== "") {
		if (Object.hasOwn(models, type)) return models[type]();
		const found = await ownClass(type, entry, own);
		if (found !== void 0) return found;
	}
	throw unknownName("model class", type, [...Object.keys(models), ...own?.names() ?? []], entry);
}
async function ownClass(type, entry, own) {
	const [, file, name] = /^(.+\.py):(.+)$/.exec(type) ?? [];
	if (file !== void 0 && name !== void 0) return own?.fromPython(file, name, entry);
	return /^[^./].*\/[^/]+$/.test(type) ? own?.fromPackage(...splitPackage(type), entry) : own?.find(type, entry);
}
/** Throws UTILS-CFG-002 where `attr` is neither of the two words, or not what the class is. */
function requireAttr(entry, modelClass) {
	const { attr } = entry.values;
	const is = attrOf(modelClass);
	if ((attr === "service" || attr === "local") && (is === void 0 || is === attr)) return;
	const given = attr === void 0 ? "attr is missing" : `attr is ${JSON.stringify(attr)}`;
	const contrast = is === void 0 ? "" : `, but ${modelClass.name} is a ${is === "local" ? "local" : "service"} model`;
	throw new AisBenchError("UTILS-CFG-002", `${entry.label}: ${given}${contrast}`, {
		where: entry.where(["attr"]),
		cure: is === void 0 ? "write attr: \"service\" for a model behind a service, attr: \"local\" for one loaded here" : `write attr: "${is}"`
	});
}
// src/config/validate.ts
init_errors$1();
init_nearest();
/** Checks an entry against its schema. Throws UTILS-CFG-002 that lists every problem with its key and place. */
function validate(schema, entry) {
	const result = schema.safeParse(entry.values);
	if (result.success) return result.data;
	const problems = result.error.issues.flatMap((issue) => describeIssue(issue, entry, schema));
	const places = problems.map(({ text, where }) => `${text}  (${where})`);
	throw new AisBenchError("UTILS-CFG-002", problems.length === 1 ? problems[0].text : `${problems.length} problems:\n    ${places.join("\n    ")}`, {
		where: problems[0].where,
		cure: problems[0].cure
	});
}
function describeIssue(issue, entry, schema) {
	const path = issue.path;
	if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key], key, entry, keysAt(schema, path)));
	const value = path.reduce((inner, key) => inner?.[key], entry.values);
	const shown = path.some((key) => isSecretName(String(key))) ? "***" : JSON.stringify(value) ?? typeof value;
	const given = value === void 0 ? "it is missing" : `got ${shown}`;
	return [{
		text: `${[entry.label, ...path].join(".")}: ${issue.message} (${given})`,
		where: originOf(path, entry),
		cure: value === void 0 ? `add ${path.join(".")} to the config` : `correct ${path.join(".")}`
	}];
}
/** The keys that a schema knows at a path. */
function keysAt(schema, path) {
	const unwrapped = (inner) => typeof inner?.unwrap === "function" ? unwrapped(inner.unwrap()) : inner;
	const at = path.reduce((inner, key) => unwrapped(inner?.shape?.[key]), unwrapped(schema));
	return Object.keys(at?.shape ?? {});
}
/** A value that fits the schema and is wrong all the same. */
function wrongValue(entry, path, why, cure) {
	return new AisBenchError("UTILS-CFG-002", `${entry.label}.${path.join(".")}: ${why}`, {
		where: originOf(path, entry),
		cure
	});
}
function unknownKey(path, key, entry, known) {
	const near = nearest$2(key, known);
	return {
		text: `${entry.label} has no key "${path.join(".")}"`,
		where: originOf(path, entry),
		cure: near === void 0 ? "take the key out (docs/config.md lists the keys)" : `did you mean "${near}"?`
	};
}
function originOf(path, entry) {
	return entry.overridden[String(path[0])] ?? entry.where(path);
}
// src/config/resolve-dataset.ts
init_errors$1();
init_nearest();
async function resolveDataset(entry, catalog) {
	const known = Object.keys(datasetSchema.shape);
	const config = validate(datasetSchema, entry);
	const params = Object.fromEntries(Object.entries(config).filter(([key]) => !known.includes(key)));
	for (const key of Object.keys(params)) refuseMisspelling$1(key, entry, known);
	checkEvaluation(config, entry, catalog);
	return {
		abbr: config.abbr,
		dataset: await datasetOf(config.type, entry, catalog),
		config,
		params,
		origins: originsOf(entry, known)
	};
}
/** A dataset class may have keys of its own, but one that is nearly ours was meant to be ours. */
function refuseMisspelling$1(key, entry, known) {
	const names = known.filter((name) => name.length > 2);
	if (nearest$2(key, names) === void 0) return;
	const { text, where, cure } = unknownKey([key], key, entry, names);
	throw new AisBenchError("UTILS-CFG-002", text, {
		where,
		cure
	});
}
async function datasetOf(type, entry, catalog) {
	if (typeof type === "object" && type !== null && "load" in type) return type;
	if (typeof type === "string" && Object.hasOwn(catalog.datasets, type)) return catalog.datasets[type]();
	throw unknownName("dataset class", type, Object.keys(catalog.datasets), entry);
}
function checkEvaluation({ eval_cfg }, entry, catalog) {
	if (eval_cfg === void 0) return;
	const check = (what, keys, name, known) => {
		if (name === void 0 || Object.hasOwn(known, name)) return;
		throw unknownName(what, name, Object.keys(known), entry, [
			"eval_cfg",
			...keys,
			"type"
		]);
	};
	const { evaluator, pred_postprocessor, dataset_postprocessor, extractors = {} } = eval_cfg;
	for (const [name, { type }] of Object.entries(extractors)) check("post-processor", ["extractors", name], type, catalog.predPostprocessors);
	if (eval_cfg.extractors !== void 0 && pred_postprocessor !== void 0) throw new AisBenchError("UTILS-CFG-002", "eval_cfg has both pred_postprocessor and extractors", {
		where: entry.where(["eval_cfg", "extractors"]),
		cure: "keep one: the first of extractors makes the headline"
	});
	check("evaluator", ["evaluator"], evaluator.type, catalog.evaluators);
	check("post-processor", ["pred_postprocessor"], pred_postprocessor?.type, catalog.predPostprocessors);
	check("post-processor", ["dataset_postprocessor"], dataset_postprocessor?.type, catalog.datasetPostprocessors);
}
// src/config/resolve-judge.ts
/** Judges by AISBench's names where the config does not say how their replies are scored. */
const BY_VERDICT = {
	evaluator: { type: "LLMJudgeCorrectEvaluator" },
	pred_postprocessor: { type: "get_a_or_b" },
	rules: "fixed"
};
/** Adds the judge that the dataset's config names. Throws as `resolve` does, and UTILS-CFG-002 for a dialogue. */
async function withJudge(plan, entry, resolve) {
	const { judge_infer_cfg, infer_cfg } = plan.config;
	if (judge_infer_cfg === void 0) return plan;
	if (infer_cfg.inferencer.type === "MultiTurnGenInferencer") throw wrongValue(entry, ["judge_infer_cfg"], "a judge is asked about the answer to one question, and this dataset holds dialogues", "take judge_infer_cfg out");
	const { judge_model } = judge_infer_cfg;
	if (judge_model === void 0) return {
		...plan,
		config: matchedByText(plan.config)
	};
	const { additional_abbr = "judge", ...values } = judge_model;
	const abbr = String(values["abbr"] ?? additional_abbr);
	const model = await resolve(judgeEntry(entry, {
		...values,
		abbr
	}));
	return {
		...plan,
		judge: {
			model: {
				...model,
				repetitions: 1
			},
			dataset: judged(plan, abbr)
		}
	};
}
function judgeEntry(entry, values) {
	const at = ["judge_infer_cfg", "judge_model"];
	const laidOver = entry.overridden[at[0]];
	return {
		values,
		label: [entry.label, ...at].join("."),
		overridden: {},
		where: (keys) => laidOver ?? entry.where([...at, ...keys])
	};
}
/** The dataset that the judge is asked: questions are made of answers, so nothing is loaded. */
function judged({ abbr, config, dataset, params, origins }, judge) {
	const { judge_reader_cfg, prompt_template, retriever, inferencer } = config.judge_infer_cfg;
	const name = `${abbr}-${judge}`;
	return {
		abbr: name,
		dataset: {
			name: "JudgedAnswers",
			load: async () => ({
				train: [],
				test: []
			}),
			reference: ({ gold }) => gold ?? "",
			source: (row) => dataset.source?.(row)
		},
		config: {
			...config,
			abbr: name,
			reader_cfg: judge_reader_cfg,
			infer_cfg: {
				prompt_template,
				retriever,
				inferencer
			},
			eval_cfg: config.eval_cfg ?? BY_VERDICT
		},
		params,
		origins
	};
}
/** Without a judge model its evaluator has nothing to read: the answer itself is held against the reference. */
function matchedByText(config) {
	const { eval_cfg = BY_VERDICT } = config;
	if (eval_cfg.evaluator.type !== BY_VERDICT.evaluator.type) return config;
	const { pred_postprocessor: _ofJudge, ...rest } = eval_cfg;
	return {
		...config,
		eval_cfg: {
			...rest,
			evaluator: { type: "StringMatchEvaluator" }
		}
	};
}
/** What a run should say of judges that are not as their configs have them. */
function notesOnJudge({ abbr, config: { judge_infer_cfg } }) {
	if (judge_infer_cfg === void 0) return [];
	const { judge_model } = judge_infer_cfg;
	if (judge_model === void 0) return [`${abbr}: judge_infer_cfg names no judge_model: answers are scored by a match of texts`];
	return (judge_model["generation_kwargs"]?.num_return_sequences ?? 1) === 1 ? [] : [`${abbr}: num_return_sequences of the judge has no effect: it is asked once`];
}
// src/config/resolve-load.ts
init_errors$1();
const DEFAULT_SEED = 0;
/** AISBench's `--pressure-time`, seconds. */
const DEFAULT_PRESSURE_SECONDS = 15;
/** The flags about the load of every task. Throws TMAN-CMD-002 where they contradict each other or the mode. */
function resolveLoad(flags, models) {
	const { mode, pressure = false, pressureTime, duration, cycle = false } = flags;
	const accuracy = "answers that are scored are asked once each; use --mode perf";
	if (pressure && !isLoadTest(mode)) throw refuse("--pressure", "is a load test", accuracy);
	if (cycle && !isLoadTest(mode)) throw refuse("--cycle", "is for load tests", accuracy);
	if (pressureTime !== void 0 && !pressure) throw refuse("--pressure-time", "says how long --pressure lasts", "give --pressure too, or use --duration");
	if (pressure && duration !== void 0) throw refuse("--duration", "and --pressure both say how long", "use --pressure-time");
	const traced = models.find(({ arrival }) => arrival.kind === "trace");
	if (traced !== void 0 && (pressure || cycle)) throw refuse(pressure ? "--pressure" : "--cycle", `does not go with the timestamps of ${traced.abbr}`, "leave one of the two out");
	const seconds = pressure ? pressureTime ?? DEFAULT_PRESSURE_SECONDS : duration;
	if (cycle && seconds === void 0 && !models.every(endsByItself)) throw refuse("--cycle", "would never end", "give --duration, or rates with --steps");
	return {
		seed: flags.seed ?? DEFAULT_SEED,
		durationMs: seconds === void 0 ? void 0 : seconds * 1e3,
		pressure,
		cycle: cycle || pressure,
		workers: flags.loadWorkers ?? "auto"
	};
}
function endsByItself({ arrival }) {
	return arrival.kind === "paced" && arrival.rates.shape === "steps";
}
function refuse(flag, why, cure) {
	return new AisBenchError("TMAN-CMD-002", `${flag} ${why}`, {
		where: flag,
		cure
	});
}
// src/config/resolve-arrival.ts
init_errors$1();
/**
* How a model's requests arrive. Without `traffic_cfg.arrival` AISBench's fields mean what its guide says of them. Throws
* UTILS-CFG-002 with key and place where they contradict each other.
*/
function resolveArrival(config, entry) {
	const traffic = config.traffic_cfg ?? {};
	const name = traffic.arrival ?? (config.use_timestamp ? "trace" : void 0);
	if (name === "closed") return { kind: "closed" };
	if (name === "trace" || name === "aisbench" && config.use_timestamp) return {
		kind: "trace",
		absolute: name === "aisbench" || traffic.absolute_timestamps === true
	};
	const rates = ratesOf(config, traffic, entry);
	if (rates === void 0) {
		if (name === void 0 || name === "aisbench") return { kind: "closed" };
		throw wrongValue(entry, ["traffic_cfg", "arrival"], `${name} needs a rate`, "give --request-rate, --ramp or --steps");
	}
	const arrival = pacedArrival(name ?? processOf(traffic), rates, traffic);
	refuseContradictions(arrival, entry);
	return arrival;
}
/** What AISBench's guide says of burstiness: 0 is an even schedule, 1 is Poisson. */
function processOf({ burstiness }) {
	if (!burstiness) return "constant";
	return burstiness === 1 ? "poisson" : "gamma";
}
function pacedArrival(process, rates, { burstiness }) {
	return {
		kind: "paced",
		process,
		...(process === "gamma" || process === "aisbench") && typeof burstiness === "number" ? { burstiness } : {},
		rates
	};
}
function refuseContradictions({ process, rates, burstiness }, entry) {
	const refuse = (key, why, cure) => wrongValue(entry, ["traffic_cfg", key], why, cure);
	if (process === "gamma" && !burstiness) throw refuse("arrival", "gamma needs a burstiness above 0", "give --burstiness, e.g. 0.5");
	if (process === "poisson-exact" && rates.shape !== "fixed") throw refuse("arrival", "poisson-exact has one rate, and no ramp or steps", "use --arrival poisson");
	if (process === "aisbench" && rates.shape === "steps") throw refuse("steps", "AISBench has no steps", "use --arrival constant or poisson");
}
/** Undefined: nothing is paced. */
function ratesOf(config, traffic, entry) {
	if (traffic.steps !== void 0) return {
		shape: "steps",
		steps: stepsOf(traffic.steps, entry)
	};
	const slowest = traffic.arrival === "aisbench" ? SLOWEST_RATE_OF_AISBENCH : void 0;
	const { request_rate: perSecond } = config;
	const paced = slowest === void 0 ? isPaced(perSecond) : perSecond >= slowest;
	return (slowest === void 0 || paced ? rampOf(traffic, entry) : void 0) ?? (paced ? {
		shape: "fixed",
		perSecond
	} : void 0);
}
function rampOf(traffic, entry) {
	const { ramp_up_strategy: shape } = traffic;
	if (shape === void 0 || shape === null || shape === "") return void 0;
	const bound = (key) => {
		const value = traffic[key];
		if (typeof value === "number") return value;
		throw wrongValue(entry, ["traffic_cfg", key], "a ramp needs both of its rates", `write ${key}`);
	};
	const [from, to] = [bound("ramp_up_start_rps"), bound("ramp_up_end_rps")];
	if (to === 0) throw wrongValue(entry, ["traffic_cfg", "ramp_up_end_rps"], "a ramp to 0 never ends", "write a rate above 0");
	return to < from ? void 0 : {
		shape,
		from,
		to
	};
}
function stepsOf(text, entry) {
	try {
		return parseSteps(text);
	} catch (cause) {
		throw wrongValue(entry, ["traffic_cfg", "steps"], messageOf$2(cause), "write them as 10@30s,20@30s");
	}
}
const SECONDS_IN = {
	ms: .001,
	s: 1,
	m: 60,
	h: 3600,
	"": 1
};
/** `10@30s,20@2m`: requests per second for so long, one after the other; a rate of 0 is a pause. */
function parseSteps(text) {
	const steps = text.split(",").map((step) => {
		const [, rate, time, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*@\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(step) ?? [];
		const seconds = Number(time) * SECONDS_IN[unit];
		if (rate === void 0 || !(seconds > 0)) throw new Error(`"${step.trim()}" is no step`);
		return {
			perSecond: Number(rate),
			seconds
		};
	});
	if (steps.every(({ perSecond }) => perSecond === 0)) throw new Error("every step has rate 0");
	return steps;
}
/** What a reader of AISBench's fields may expect and does not get. */
function notesOnArrival(values) {
	const notes = [];
	const traffic = values["traffic_cfg"];
	const rate = Number(values["request_rate"] ?? 0);
	const paced = Boolean(traffic?.steps ?? traffic?.ramp_up_strategy) || traffic?.arrival === "aisbench";
	if (rate > 0 && !isPaced(rate) && !paced) notes.push(`request_rate ${rate} is below 0.1, so requests are not paced`);
	const { ramp_up_start_rps: from, ramp_up_end_rps: to } = traffic ?? {};
	if (traffic?.ramp_up_strategy && typeof from === "number" && typeof to === "number" && to < from) notes.push(`the ramp from ${from} to ${to} falls, so there is none`);
	return notes;
}
// src/transport/basic-credentials.ts
/** The value of an Authorization or Proxy-Authorization header for `http://user:password@host/`. */
function basicCredentials({ username, password }) {
	if (username === "" && password === "") return void 0;
	const pair = `${decoded(username)}:${decoded(password)}`;
	return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
}
/** A password with a `%` of its own is no percent-encoding. */
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
// src/transport/header-template.ts
init_nearest();
const FIELDS = {
	conversation_id: ({ conversationId }) => conversationId,
	index: ({ index }) => index,
	repetition: ({ repetition }) => repetition,
	turn: ({ turn }) => turn
};
/** `{turn}` and `{env:NAME}`; braces around anything else are text, so that a value may hold JSON. */
const FIELD$1 = /\{([a-z_]+)(?::([^{}]*))?\}/gi;
/** A token of RFC 9110. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
/** What the HTTP engine writes by itself: a second opinion would break the message. */
const ENGINE_OWN = /* @__PURE__ */ new Set([
	"connection",
	"content-length",
	"expect",
	"keep-alive",
	"proxy-connection",
	"te",
	"transfer-encoding",
	"upgrade"
]);
/** Why a header cannot be sent, or undefined. `value` may hold fields. */
function headerProblem(name, value) {
	if (!NAME.test(name)) return "this is no header name";
	if (ENGINE_OWN.has(name.toLowerCase())) return "this header is written by the HTTP engine";
	if (valueIsUnsendable(value)) return "a header holds one line of Latin-1 text";
	for (const [field, word = "", argument] of value.matchAll(FIELD$1)) {
		const problem = fieldProblem(field, word, argument);
		if (problem !== void 0) return problem;
	}
}
/** Whether HTTP refuses the value: control characters (a tab may stand) and what is not Latin-1. */
function valueIsUnsendable(value) {
	return /[^\t\x20-\x7e\x80-\xff]/.test(value);
}
function fieldProblem(field, word, argument) {
	if (word === "env") return argument ? void 0 : `${field} names no variable: write {env:NAME}`;
	if (Object.hasOwn(FIELDS, word) && argument === void 0) return void 0;
	const known = [...Object.keys(FIELDS), "env:NAME"];
	const near = nearest$2(word, known);
	return `there is no field ${field}: ${near === void 0 ? `use one of {${known.join("}, {")}}` : `did you mean {${near}}?`}`;
}
/** Puts environment variables in; `taken` hears of each value. Throws where a variable is not set. */
function withEnvironment(text, env, taken) {
	return text.replace(FIELD$1, (field, word, name) => {
		if (word !== "env" || name === void 0) return field;
		const value = env[name];
		if (value === void 0 || value === "") throw new Error(`the environment variable ${name} is not set`);
		taken(value);
		return value;
	});
}
// src/transport/proxy.ts
const NO_PROXY = {
	http: "",
	https: "",
	bypass: []
};
/**
* The proxies of the environment as AISBench's client reads them (`trust_env`): `http_proxy`, `https_proxy` and `no_proxy`,
* lower case before upper case, an empty one counting as none.
*/
function proxiesOf(env) {
	const read = (name) => (env[name] ?? env[name.toUpperCase()] ?? "").trim();
	const bypass = read("no_proxy").split(/[\s,]+/).filter((entry) => entry !== "");
	return {
		http: read("http_proxy"),
		https: read("https_proxy"),
		bypass
	};
}
/** Why a proxy's address cannot be used, or undefined. */
function proxyProblem(given) {
	const text = withScheme(given);
	if (!URL.canParse(text)) return "this is no URL";
	const { protocol, hostname } = new URL(text);
	if (protocol !== "http:" && protocol !== "https:") return `${protocol}// proxies are not supported`;
	return hostname === "" ? "this URL has no host" : void 0;
}
/** `proxy:3128` is how many people write it. */
function withScheme(given) {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
}
/** The proxy's address as a full URL, credentials included. */
function proxyUrl(given) {
	return given === "" ? "" : withScheme(given);
}
// src/config/resolve-adapters.ts
init_errors$1();
const MAP_FILE = ["generation_kwargs", "lora_data_map_file"];
/**
* Which adapter a case asks for: `lora_mix`, or AISBench's `generation_kwargs.lora_data_map_file`, a JSON object of row →
* adapter (§2.3). Throws UTILS-CFG-002 for a file that cannot be read: silently asking the base model would measure
* something else.
*/
function resolveAdapters(config, entry) {
	const file = config.generation_kwargs["lora_data_map_file"];
	const shares = config.lora_mix;
	if (shares !== void 0) {
		if (file !== void 0 && file !== null && file !== "") throw wrongValue(entry, ["lora_mix"], "lora_mix and lora_data_map_file are both given", "keep one of the two");
		return {
			kind: "mix",
			seed: config.lora_seed,
			shares
		};
	}
	if (file === void 0 || file === null || file === "") return void 0;
	if (typeof file !== "string") throw wrongValue(entry, MAP_FILE, "this is no file name", "write its path");
	return {
		kind: "rows",
		path: file,
		names: readMap(file, (why) => wrongMap(entry, file, why))
	};
}
function readMap(path, refuse) {
	let data;
	try {
		data = JSON.parse(readNamedFile(resolve(path)));
	} catch (error) {
		throw refuse(`it cannot be read: ${messageOf$2(error)}`);
	}
	if (typeof data !== "object" || data === null || Array.isArray(data)) throw refuse("it is no JSON object");
	for (const [row, name] of Object.entries(data)) {
		if (!/^\d+$/.test(row)) throw refuse(`"${row}" is no row number, counted from 0`);
		if (typeof name !== "string") throw refuse(`the adapter of row ${row} is no text`);
	}
	return data;
}
function wrongMap(entry, path, why) {
	return wrongValue(entry, MAP_FILE, `${path}: ${why}`, "write {\"0\": \"adapter-a\", \"1\": \"adapter-b\"}");
}
// src/transport/tls.ts
init_errors$1();
/** A file that TLS cannot use: which setting it came from, and why. */
var TlsFileError = class extends Error {
	setting;
	constructor(setting, why) {
		super(why);
		this.setting = setting;
	}
};
/**
* What all connections of a service share, made once: parsing PEM a connection would cost more than its handshake.
* Throws TlsFileError.
*/
function secureContextOf(settings) {
	const { ca, cert, key, passphrase } = settings;
	if (ca !== void 0) requireCertificates("ca", ca);
	if (cert !== void 0) requireCertificates("cert", cert);
	if (cert !== void 0 && key === void 0) throw new TlsFileError("key", "tls.cert needs tls.key");
	if (key !== void 0 && cert === void 0) throw new TlsFileError("cert", "tls.key needs tls.cert");
	try {
		return createSecureContext({
			...ca === void 0 ? {} : { ca: ca.text },
			...cert === void 0 ? {} : { cert: cert.text },
			...key === void 0 ? {} : { key: key.text },
			...passphrase === void 0 ? {} : { passphrase }
		});
	} catch (cause) {
		throw new TlsFileError("key", whyUnusable(cause, key, passphrase));
	}
}
/** OpenSSL takes a file without any certificate in silence and then trusts nobody. */
function requireCertificates(setting, { text }) {
	const blocks = text.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[\s\S]*?-----END [A-Z0-9 ]*CERTIFICATE-----/g);
	if (blocks === null) throw new TlsFileError(setting, "it holds no PEM certificate");
	for (const [position, block] of blocks.entries()) try {
		new X509Certificate(block);
	} catch (cause) {
		throw new TlsFileError(setting, `its certificate ${position + 1} cannot be read: ${messageOf$2(cause)}`);
	}
}
function whyUnusable(cause, key, passphrase) {
	const message = messageOf$2(cause);
	if (/key values mismatch/i.test(message)) return "it does not belong to the certificate of tls.cert";
	if (key?.text.includes("ENCRYPTED")) return passphrase === void 0 ? "it is encrypted: give tls.passphrase" : `tls.passphrase does not open it: ${message}`;
	return `it holds no usable private key: ${message}`;
}
// src/config/resolve-tls.ts
init_errors$1();
/** Reads and checks the files of `tls`. Throws UTILS-CFG-002 that names the file. */
function resolveTls(tls, reading) {
	if (tls === void 0) return void 0;
	const refuse = (key, why, cure) => wrongValue(reading.entry, ["tls", key], why, cure);
	const read = (key) => {
		const path = tls[key];
		if (path === void 0) return {};
		try {
			return { [key]: {
				path,
				text: readNamedFile(resolve(path))
			} };
		} catch (error) {
			throw refuse(key, `the file ${path} cannot be read: ${messageOf$2(error)}`, "correct the path");
		}
	};
	const settings = {
		...read("ca"),
		...read("cert"),
		...read("key"),
		...tls.passphrase === void 0 ? {} : { passphrase: readPassphrase(tls.passphrase, reading) },
		...tls.server_name === void 0 ? {} : { serverName: tls.server_name },
		insecure: tls.insecure
	};
	try {
		secureContextOf(settings);
	} catch (error) {
		const { setting, message } = error;
		const path = tls[setting];
		throw refuse(setting, path === void 0 ? message : `${path}: ${message}`, `correct tls.${setting}`);
	}
	return settings;
}
function readPassphrase(given, { entry, env, keep }) {
	try {
		const text = withEnvironment(given, env, keep);
		keep(text);
		return text;
	} catch (error) {
		throw wrongValue(entry, ["tls", "passphrase"], messageOf$2(error), "set the variable, or write the passphrase");
	}
}
// src/config/resolve-connection.ts
init_errors$1();
init_base_api_model();
/** How a model's service is reached. Reads the files that the config names. Throws UTILS-CFG-002 with key and place. */
function resolveConnection(config, entry, env) {
	const secrets = [];
	const keep = (secret) => secrets.push(...secretsIn({ secret }));
	const headers = resolveHeaders(config.headers, {
		entry,
		env,
		keep
	});
	const { servers, url } = resolveServers(config, entry);
	const proxy = resolveProxy(config.proxy, entry, env);
	const tls = resolveTls(config.tls, {
		entry,
		env,
		keep
	});
	return {
		connection: {
			servers,
			balance: config.balance,
			http2: config.http2,
			tls,
			proxy,
			adapters: resolveAdapters(config, entry),
			headers: config.headers,
			secrets: [
				...secrets,
				...secretsIn({
					servers,
					proxy
				}),
				...credentialsIn([...servers, ...Object.values(proxy).flat()])
			]
		},
		headers,
		url
	};
}
/** `user:password` of URLs in the form in which it is sent, which a server may quote back. */
function credentialsIn(urls) {
	return urls.map((url) => URL.canParse(url) ? basicCredentials(new URL(url)) : void 0).flatMap((value) => value === void 0 ? [] : secretsIn({ authorization: value }));
}
function resolveHeaders(headers, { entry, env, keep }) {
	const seen = /* @__PURE__ */ new Set();
	const filled = Object.entries(headers).map(([name, value]) => {
		const refuse = (why, cure = "correct the header") => wrongValue(entry, ["headers", name], why, cure);
		const problem = headerProblem(name, value);
		if (problem !== void 0) throw refuse(problem);
		if (seen.has(name.toLowerCase())) throw refuse("this header is there twice", "keep one of the two");
		seen.add(name.toLowerCase());
		try {
			const text = withEnvironment(value, env, keep);
			if (valueIsUnsendable(text)) throw new Error("an environment variable holds what no header can");
			if (isSecretName(name)) keep(text);
			return [name, text];
		} catch (error) {
			throw refuse(messageOf$2(error), "set the variable, or take it out of the header");
		}
	});
	return Object.fromEntries(filled);
}
/** The base URLs, normalised: `url` (one or several), `urls`, or host and port. A flag's URL replaces what the file says. */
function resolveServers(config, entry) {
	const fromFlag = entry.overridden["url"] !== void 0;
	if (config.urls !== void 0 && config.url.length > 0 && !fromFlag) throw wrongValue(entry, ["urls"], "`url` and `urls` are both given", "keep one of the two");
	const key = config.urls === void 0 || fromFlag ? "url" : "urls";
	const given = key === "urls" ? config.urls : [config.url].flat();
	const list = given.some((url) => url.trim() !== "") ? given : [""];
	const servers = list.map((url) => {
		const { host_ip: hostIp, host_port: hostPort, enable_ssl: enableSsl } = config;
		try {
			const base = baseUrlOf({
				url,
				hostIp,
				hostPort,
				enableSsl
			});
			if (!new URL(base).pathname.startsWith("//")) return base;
		} catch {}
		throw wrongValue(entry, [url === "" ? "host_ip" : key], "this makes no valid URL", "write a host, or a URL such as http://host:8080/");
	});
	const twice = servers.find((server, index) => servers.indexOf(server) !== index);
	if (twice !== void 0) throw wrongValue(entry, [key], `${twice} is there twice`, "name each server once");
	return {
		servers,
		url: list[0]
	};
}
function resolveProxy(given, entry, env) {
	const settings = given === "env" ? proxiesOf(env) : given === "" ? NO_PROXY : {
		http: given,
		https: given,
		bypass: []
	};
	for (const scheme of ["http", "https"]) {
		const problem = settings[scheme] === "" ? void 0 : proxyProblem(settings[scheme]);
		if (problem === void 0) continue;
		throw wrongValue(entry, ["proxy"], given === "env" ? `the environment's ${scheme}_proxy: ${problem}` : problem, "write a URL such as http://proxy:3128, or \"\" for none");
	}
	return {
		...settings,
		http: proxyUrl(settings.http),
		https: proxyUrl(settings.https)
	};
}
// src/config/resolve-model.ts
init_errors$1();
/** The tool's own keys of `generation_kwargs`; they never reach a service. */
const TOOL_KEYS = ["num_return_sequences", "lora_data_map_file"];
/** A raw model entry with `attr: "service"` becomes the plan of a model; AISBench's words are translated here. */
function resolveModel(entry, modelClass, flags, env) {
	const { common, extra } = splitExtra(entry, modelClass);
	const config = validate(serviceModelSchema, {
		...entry,
		values: common
	});
	requireParser(modelClass, config, flags, entry);
	const { timeouts } = config;
	const { connection, headers, url } = resolveConnection(config, entry, env);
	return {
		attr: "service",
		abbr: config.abbr,
		modelClass,
		options: modelOptions$1(config, {
			extra,
			headers,
			url
		}),
		concurrency: config.batch_size,
		arrival: resolveArrival(config, entry),
		attempts: config.retry + 1,
		...repetitionsOf(config, entry),
		sendsTools: config.returns_tool_calls,
		timeouts: {
			connectMs: timeouts.connect * 1e3,
			firstTokenMs: timeouts.first_token * 1e3,
			idleMs: timeouts.idle * 1e3,
			totalMs: timeouts.total * 1e3
		},
		connection,
		metaTemplate: config.meta_template,
		fields: shownFields(config),
		origins: originsOf(entry, Object.keys(serviceModelSchema.shape))
	};
}
/** The keys that a class of one's own declares in `extraOptions` are its, not ours to check. */
function splitExtra(entry, { extraOptions = [] }) {
	const extra = {};
	const common = {};
	for (const [key, value] of Object.entries(entry.values)) (extraOptions.includes(key) ? extra : common)[key] = value;
	return {
		common,
		extra
	};
}
function requireParser(modelClass, config, flags, entry) {
	const { prototype } = modelClass;
	const refuse = (code, method, why) => {
		throw new AisBenchError(code, `${modelClass.name} has no ${method}, which ${why} needs`, {
			where: entry.where(["type"]),
			cure: `add ${method}(data, output) to ${modelClass.name}, or use another model config`
		});
	};
	if (typeof prototype?.getRequestBody !== "function" || typeof prototype?.getUrl !== "function") throw new AisBenchError("MODEL-IMPL-003", `${modelClass.name} lacks getUrl or getRequestBody`, {
		where: entry.where(["type"]),
		cure: "extend BaseAPIModel and write both methods"
	});
	if (flags.mode === "perf" && prototype.parseStreamResponse === void 0) refuse("MODEL-IMPL-002", "parseStreamResponse", "a performance run (--mode perf)");
	if (config.stream && prototype.parseStreamResponse === void 0) refuse("MODEL-IMPL-002", "parseStreamResponse", "stream: true");
	if (!config.stream && prototype.parseTextResponse === void 0) refuse("MODEL-IMPL-001", "parseTextResponse", "stream: false");
}
/** `generation_kwargs` without the tool's own keys. */
function sentKwargs(kwargs) {
	return Object.fromEntries(Object.entries(kwargs).filter(([key]) => !TOOL_KEYS.includes(key)));
}
function modelOptions$1(config, { extra, headers, url }) {
	return {
		...Object.fromEntries(Object.entries(extra).map(([key, value]) => [camelCase(key), value])),
		path: config.path,
		model: config.model || (config.model_name ?? ""),
		stream: config.stream,
		maxOutLen: config.max_out_len,
		retry: config.retry,
		apiKey: config.api_key,
		hostIp: config.host_ip,
		hostPort: config.host_port,
		url,
		enableSsl: config.enable_ssl,
		trustRemoteCode: config.trust_remote_code,
		headers,
		generationKwargs: sentKwargs(config.generation_kwargs)
	};
}
function repetitionsOf(config, entry) {
	const value = config.generation_kwargs["num_return_sequences"];
	if (value === void 0 || value === null) return { repetitions: 1 };
	if (Number.isInteger(value) && value >= 1) return {
		repetitions: value,
		fixesRepetitions: true
	};
	throw new AisBenchError("UTILS-CFG-002", "generation_kwargs.num_return_sequences is not a whole number ≥ 1", {
		where: entry.where(["generation_kwargs", "num_return_sequences"]),
		cure: "write how often each question is to be asked"
	});
}
/** Fields that AISBench configs may hold and this version does not act on are said, not silently dropped. */
function notesOn(values) {
	const notes = notesOnArrival(values);
	const postprocessor = values["pred_postprocessor"]?.type;
	if (postprocessor !== void 0 && postprocessor !== "extract_non_reasoning_content") notes.push("pred_postprocessor has no effect in this version");
	return notes.map((note) => `${values["abbr"]}: ${note}`);
}
function camelCase(name) {
	return name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}
// src/config/resolve-local.ts
init_errors$1();
init_nearest();
const KNOWN = Object.keys(localModelSchema.shape);
/** A raw model entry with `attr: "local"` becomes the plan of a model that is loaded in this process. */
function resolveLocal(entry, modelClass) {
	requireGenerate(entry, modelClass);
	const config = validate(localModelSchema, entry);
	const own = Object.entries(config).filter(([key]) => !KNOWN.includes(key));
	for (const [key] of own) refuseMisspelling(key, entry);
	return {
		attr: "local",
		abbr: config.abbr,
		modelClass,
		options: {
			...Object.fromEntries(own.map(([key, value]) => [camelCase(key), value])),
			path: config.path,
			maxOutLen: config.max_out_len,
			batchSize: config.batch_size,
			maxSeqLen: config.max_seq_len,
			tokenizerOnly: config.tokenizer_only,
			...config.meta_template === void 0 ? {} : { metaTemplate: config.meta_template },
			generationKwargs: sentKwargs(config.generation_kwargs),
			...config.python === void 0 ? {} : { python: config.python },
			further: Object.fromEntries(own)
		},
		concurrency: config.batch_size,
		arrival: { kind: "closed" },
		attempts: 1,
		...repetitionsOf(config, entry),
		metaTemplate: config.meta_template,
		fields: shownFields(config),
		origins: originsOf(entry, KNOWN)
	};
}
function requireGenerate(entry, modelClass) {
	if (typeof modelClass.prototype?.generate === "function") return;
	throw new AisBenchError("MODEL-IMPL-003", `${modelClass.name} lacks generate`, {
		where: entry.where(["type"]),
		cure: "extend BaseModel and write generate(inputs, maxOutLen, args)"
	});
}
/** Any further key is the class's, but one that is a slip away from ours was meant to be ours. */
function refuseMisspelling(key, entry) {
	if (!KNOWN.some((known) => editDistance$1(key, known) <= (known.length > 6 ? 2 : 1))) return;
	const { text, where, cure } = unknownKey([key], key, entry, KNOWN);
	throw new AisBenchError("UTILS-CFG-002", text, {
		where,
		cure
	});
}
// src/config/resolve.ts
init_errors$1();
const DEFAULT_WORK_DIR = "outputs/default";
/** Raw configs and flags become a plan, complete and frozen. */
async function resolvePlan(raw, flags, catalog, env = process.env) {
	const modelOf = (entry) => resolveEntry(entry, {
		flags,
		catalog,
		env
	});
	const models = await Promise.all(raw.models.map(modelOf));
	const judged = (entry) => async (plan) => isLoadTest(flags.mode) ? plan : withJudge(plan, entry, modelOf);
	const datasets = await Promise.all(raw.datasets.map((entry) => resolveDataset(entry, catalog).then(judged(entry))));
	requireDistinct(models, "models");
	requireDistinct(datasets, "datasets");
	requireEnoughAnswers(models, datasets, raw.datasets);
	const { summarizer } = raw;
	return deepFreeze({
		mode: flags.mode,
		models,
		datasets,
		...raw.pairs === void 0 ? {} : { pairs: raw.pairs },
		summarizer: summarizer === void 0 ? void 0 : validate(summarizerSchema, summarizer),
		workDir: flags.workDir ?? DEFAULT_WORK_DIR,
		numPrompts: flags.numPrompts,
		numWarmups: flags.numWarmups,
		load: resolveLoad(flags, models),
		...flags.nonce === void 0 ? {} : { nonce: flags.nonce },
		maxErrorRate: flags.maxErrorRate,
		notes: [
			...notesOnOldNames(raw.models, catalog),
			...raw.models.flatMap(({ values }) => notesOn(values)),
			...notesOnRepeats(models, datasets),
			...isLoadTest(flags.mode) ? [] : datasets.flatMap(notesOnJudge)
		]
	});
}
/** The class is found first, so that what it can do is known; then the kind of model decides the rest. */
async function resolveEntry(given, { flags, catalog, env }) {
	const entry = underPresentName(given, catalog);
	const modelClass = await classOf(entry, catalog);
	requireAttr(entry, modelClass);
	const known = {
		...entry,
		values: {
			...entry.values,
			type: modelClass
		}
	};
	if (entry.values["attr"] === "local") return resolveLocal(known, modelClass);
	return resolveModel(known, modelClass, flags, env);
}
function requireDistinct(entries, kind) {
	const seen = /* @__PURE__ */ new Set();
	for (const { abbr } of entries) {
		if (seen.has(abbr)) throw new AisBenchError("UTILS-CFG-002", `two ${kind} have the abbr "${abbr}"`, {
			where: kind,
			cure: "give each its own abbr: result files are named by it"
		});
		seen.add(abbr);
	}
}
/** Classes and dataset objects are code, not values; they are left as they are. */
function deepFreeze(value) {
	if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
	for (const inner of Object.values(value)) if (typeof inner === "object") deepFreeze(inner);
	return Object.freeze(value);
}
// src/record-codec.ts
init_errors$1();
/** Format of the record file; a reader refuses what it does not know. */
const RECORD_VERSION = 1;
/** Letters of `EVENT_KINDS`, in its order. */
const KIND_LETTERS = "rctgfueox";
function encodeRecord(record) {
	const { times, ...rest } = record;
	return JSON.stringify({
		v: RECORD_VERSION,
		...rest,
		times: packTimes(times)
	});
}
/** Reads one line. `where` (file:line) goes into the error. */
function decodeRecord(line, where) {
	const data = parseLine(line, where);
	if (data["v"] !== RECORD_VERSION) throw unreadable(where, `its format version is ${JSON.stringify(data["v"])}, this tool reads ${RECORD_VERSION}`);
	const { v: _version, times, ...rest } = data;
	if (rest["outcome"] !== "ok" && rest["outcome"] !== "failed") throw unreadable(where, "it has no outcome");
	try {
		return {
			...rest,
			times: unpackTimes(times)
		};
	} catch (cause) {
		throw unreadable(where, "its times are malformed", cause);
	}
}
function parseLine(line, where) {
	try {
		const data = JSON.parse(line);
		if (typeof data === "object" && data !== null) return data;
	} catch (cause) {
		throw unreadable(where, "it is not JSON", cause);
	}
	throw unreadable(where, "it is not an object");
}
function unreadable(where, why, cause) {
	return new AisBenchError("RUN-DATA-001", `this line is not a record: ${why}`, {
		where,
		cure: "use the version of the tool that wrote it, or take the line out",
		cause
	});
}
function packTimes(times) {
	const packed = {};
	for (const name of [
		"scheduled",
		"sent",
		"headers",
		"done"
	]) {
		const value = times[name];
		if (value !== void 0) packed[name] = Math.round(value * 1e3) / 1e3;
	}
	if (times.events !== void 0) packed["events"] = packEvents(times.events);
	return packed;
}
const LETTER_CODES = Uint8Array.from(KIND_LETTERS, (letter) => letter.charCodeAt(0));
const ZERO = "0".charCodeAt(0);
/** Written for speed: it runs for every event of a load, on the loop that stamps the next ones. */
function packEvents({ at: arrivals, kind: kinds, tokens, sharedRead }, inMicroseconds = wholly) {
	const { length } = arrivals;
	const at = new Array(length);
	const letters = Buffer.allocUnsafe(length);
	let previous = 0;
	let hasTokens = false;
	for (let n = 0; n < length; n++) {
		const microseconds = inMicroseconds(arrivals[n]);
		at[n] = microseconds - previous;
		previous = microseconds;
		letters[n] = LETTER_CODES[kinds[n]];
		hasTokens ||= tokens[n] > 0;
	}
	const packed = {
		at,
		kind: letters.toString("latin1")
	};
	if (hasTokens) packed.tokens = Array.from(tokens);
	if (sharedRead.includes(1)) packed.shared = bitsOf(sharedRead);
	return packed;
}
function wholly(milliseconds) {
	return Math.round(milliseconds * 1e3);
}
function bitsOf(flags) {
	const digits = Buffer.allocUnsafe(flags.length);
	for (let n = 0; n < flags.length; n++) digits[n] = ZERO + flags[n];
	return digits.toString("latin1");
}
function unpackTimes(packed) {
	const { events, ...times } = packed;
	return events === void 0 ? times : {
		...times,
		events: unpackEvents(events)
	};
}
function unpackEvents(packed) {
	const length = packed.at.length;
	const kind = Uint8Array.from(packed.kind, (letter) => KIND_LETTERS.indexOf(letter));
	if (kind.length !== length || kind.some((index) => index >= 9)) throw new Error("the event kinds do not fit the event times");
	const at = new Float64Array(length);
	let microseconds = 0;
	for (let i = 0; i < length; i++) {
		microseconds += packed.at[i];
		at[i] = microseconds / 1e3;
	}
	return {
		at,
		kind,
		tokens: packed.tokens === void 0 ? new Uint16Array(length) : Uint16Array.from(packed.tokens),
		sharedRead: packed.shared === void 0 ? new Uint8Array(length) : Uint8Array.from(packed.shared, (bit) => Number(bit))
	};
}
// src/transport/failure.ts
init_errors$1();
/** Whether the same request may succeed when it is sent again. A client error, a bug or a stop will not. */
function isWorthRetrying({ kind, status }) {
	if (kind === "http-status") return status === 408 || status === 429 || (status ?? 0) >= 500;
	return kind !== "cancelled" && kind !== "model-bug";
}
// src/transport/model-bug.ts
init_errors$1();
// src/transport/request-headers.ts
init_base_api_model();
// src/transport/late-parsing.ts
/** A batch of this many reads is parsed as soon as the sockets that are ready have been read; a smaller one waits, ms. */
const BATCH = 64;
const WAIT_MS = 4;
/** Parsing goes on for so long before sockets are looked at again, ms. */
const SLICE_MS = .2;
/** Characters that are parsed before the clock is read. */
const CLOCK_EVERY = 8192;
/** Characters that may wait. */
const WAITING_LIMIT = 8388608;
var LateParsing = class {
	#parsers = [];
	#sizes = [];
	#next = 0;
	#waiting = 0;
	#immediate = false;
	#waits = false;
	#timer;
	#run = () => this.#slice();
	#timeUp = () => {
		this.#waits = false;
		if (!this.#immediate && this.#parsers.length > 0) this.#slice();
	};
	/** `parser` has `size` more characters to parse. */
	add(parser, size) {
		this.#parsers.push(parser);
		this.#sizes.push(size);
		this.#waiting += size;
		if (this.#waiting > WAITING_LIMIT) this.#parseDownTo(WAITING_LIMIT / 2);
		if (this.#immediate) return;
		if (this.#parsers.length - this.#next >= BATCH || this.#waiting >= CLOCK_EVERY) this.#soon();
		else if (!this.#waits) this.#wait();
	}
	#soon() {
		this.#immediate = true;
		setImmediate(this.#run);
	}
	/** One timer at a time, and it is left to run out: setting one anew for every batch would cost more than it saves. */
	#wait() {
		this.#waits = true;
		if (this.#timer === void 0) this.#timer = setTimeout(this.#timeUp, WAIT_MS);
		else this.#timer.refresh();
	}
	#slice() {
		this.#immediate = false;
		const end = performance.now() + SLICE_MS;
		let unclocked = 0;
		while (this.#next < this.#parsers.length) {
			unclocked += this.#parseOne();
			if (unclocked < CLOCK_EVERY) continue;
			unclocked = 0;
			if (performance.now() >= end) break;
		}
		this.#forgetParsed();
		if (this.#parsers.length > 0 && !this.#immediate) this.#soon();
	}
	#parseDownTo(limit) {
		while (this.#waiting > limit) this.#parseOne();
		this.#forgetParsed();
	}
	#parseOne() {
		const n = this.#next++;
		const size = this.#sizes[n];
		this.#waiting -= size;
		this.#parsers[n].parseNext();
		return size;
	}
	#forgetParsed() {
		if (this.#next === this.#parsers.length) {
			this.#parsers.length = 0;
			this.#sizes.length = 0;
			this.#next = 0;
		} else if (this.#next >= 1024) {
			this.#parsers.splice(0, this.#next);
			this.#sizes.splice(0, this.#next);
			this.#next = 0;
		}
	}
};
new LateParsing();
Buffer.allocUnsafeSlow(65536);
Object.fromEntries([
	"NO_ERROR",
	"PROTOCOL_ERROR",
	"INTERNAL_ERROR",
	"FLOW_CONTROL_ERROR",
	"REFUSED_STREAM",
	"CANCEL",
	"ENHANCE_YOUR_CALM"
].map((name) => [name, constants[`NGHTTP2_${name}`]]));
// src/testing/scripted-server.ts
/** A real HTTP server on a free port of this machine that does what a script says, misbehaviour included. */
init_errors$1();
fileURLToPath(new URL("file:///work/main/src/testing/import-module.ts".replace(/[^/]+(\.[a-z]+)$/, "../index$1")));
// src/testing/test-local-model.ts
/**
* The checks that every local model passes. They need no test framework:
*
*     testLocalModel(test, { create: (options) => new MyModel(options), options: { path: './weights' } });
*/
init_base_model();
// test/e2e/support.ts
/** What the end-to-end tests share: the built command in an empty folder, and services it can be pointed at. */
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", "file:///work/main/test/e2e/support.ts"));
/** An empty folder that is gone after the test, filled with `files` (path → text). */
function emptyFolder(files = {}) {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), "ais-bench-e2e-")));
	onTestFinished(() => rmSync(folder, {
		recursive: true,
		force: true
	}));
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), content);
	}
	return folder;
}
/** Starts `ais_bench` with nothing of this process's environment but what a program needs, and `options.env`. */
function start(cwd, args, options = {}) {
	const { PATH = "", HOME = "" } = process.env;
	const child = spawn(process.execPath, [MAIN, ...args], {
		...options,
		cwd,
		env: {
			PATH,
			HOME,
			...options.env
		},
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		]
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	let heard = "";
	child.stderr.on("data", (bytes) => {
		heard += bytes.toString("utf8");
	});
	const code = new Promise((resolve) => child.once("close", resolve));
	const finished = Promise.all([
		code,
		text(child.stdout),
		text(child.stderr)
	]).then(([exitCode, stdout, stderr]) => ({
		code: exitCode,
		stdout,
		stderr
	}));
	const said = async (words) => until(() => heard.includes(words), `"${words}" on stderr`);
	return {
		child,
		finished,
		said
	};
}
function aisBench(cwd, ...args) {
	return start(cwd, args).finished;
}
/** Waits for a condition, a long time on a slow machine. */
async function until(condition, what) {
	const deadline = Date.now() + 2e4;
	while (!condition()) {
		if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
/** The embedded service as a person starts it. */
async function serve(...args) {
	return serveWith({}, ...args);
}
/** The same with variables of its environment. */
async function serveWith(env, ...args) {
	const { child, finished } = start(emptyFolder(), [
		"serve",
		"--port",
		"0",
		...args
	], { env });
	const url = await new Promise((resolve, reject) => {
		createInterface({ input: child.stdout }).on("line", (line) => {
			const address = /^listening on (\S+)/.exec(line)?.[1];
			if (address !== void 0) resolve(address);
		});
		finished.then(({ stderr }) => reject(/* @__PURE__ */ new Error(`serve ended: ${stderr}`)));
	});
	return {
		url,
		port: new URL(url).port
	};
}
/** The folder of the run that the folder's `latest` link points to. */
function latest(cwd) {
	return realpathSync(join(cwd, "outputs/default/latest"));
}
function recordsOf(cwd) {
	return readdirSync(join(latest(cwd), "performances"), {
		recursive: true,
		encoding: "utf8"
	}).filter((file) => file.endsWith("_records.jsonl")).flatMap((file) => readFileSync(join(latest(cwd), "performances", file), "utf8").trim().split("\n")).map((line) => JSON.parse(line));
}
// src/cli/datasets-flags.ts
const PULL_FLAGS = [
	{
		flags: "--into <dir>",
		meaning: "folder of datasets (default: AIS_BENCH_DATASETS_CACHE, else ./datasets)"
	},
	{
		flags: "--mirror <url>",
		meaning: "take the files from <url>/<folder>/<file>, not from their authors; checksums stay theirs"
	},
	{
		flags: "--force",
		meaning: "replace files that are there and differ"
	}
];
// test/support/docs-tables.ts
/** The tables of the docs that come from the code, and how they stand between their markers in a page. */
init_errors$1();
const SHIPPED = fileURLToPath(new URL("../../configs", "file:///work/main/test/support/docs-tables.ts"));
/** Markers of a page → its tables. */
const TABLES = [
	[
		"docs/config.md",
		"fields:service-model",
		() => fieldTable(serviceModelSchema)
	],
	[
		"docs/config.md",
		"fields:local-model",
		() => fieldTable(localModelSchema)
	],
	[
		"docs/config.md",
		"fields:timeouts",
		() => fieldTable(timeoutsSchema)
	],
	[
		"docs/config.md",
		"fields:dataset",
		() => fieldTable(datasetSchema)
	],
	[
		"docs/connections.md",
		"fields:tls",
		() => fieldTable(tlsSchema)
	],
	[
		"docs/load.md",
		"fields:traffic",
		() => fieldTable(trafficSchema)
	],
	[
		"docs/cli.md",
		"flags:run",
		() => flagTable(RUN_FLAGS)
	],
	[
		"docs/cli.md",
		"modes",
		modeTable
	],
	[
		"docs/cli.md",
		"flags:serve",
		() => flagTable(SERVE_FLAGS)
	],
	[
		"docs/cli.md",
		"flags:new",
		() => flagTable(NEW_FLAGS)
	],
	[
		"docs/cli.md",
		"flags:check",
		() => flagTable(CHECK_FLAGS)
	],
	[
		"docs/cli.md",
		"flags:pull",
		() => flagTable(PULL_FLAGS)
	],
	[
		"docs/cli.md",
		"flags:import",
		() => flagTable(IMPORT_FLAGS)
	],
	[
		"docs/cli.md",
		"flags:explain",
		() => flagTable(EXPLAIN_FLAGS)
	],
	[
		"docs/cli.md",
		"flags:selftest",
		() => flagTable(SELFTEST_FLAGS)
	],
	[
		"docs/cli.md",
		"flags:demo",
		() => flagTable(DEMO_FLAGS)
	],
	[
		"docs/models.md",
		"configs:models",
		modelConfigs
	],
	[
		"docs/models.md",
		"configs:datasets",
		datasetConfigs
	],
	[
		"docs/models.md",
		"configs:summarizers",
		summarizerConfigs
	],
	[
		"docs/errors.md",
		"errors",
		errorTable
	]
];
/** The page with this table between its markers. Throws where the page has no such markers. */
function withTable(page, marker, table) {
	const [start, end] = [`<!-- ${marker} -->\n`, `<!-- /${marker} -->`];
	const [from, to] = [page.indexOf(start), page.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`the page has no markers ${start.trim()} … ${end}`);
	return `${page.slice(0, from + start.length)}\n${table}\n\n${page.slice(to)}`;
}
function shippedConfigs(kind) {
	return listConfigs(kind, {
		own: SHIPPED,
		shipped: SHIPPED
	});
}
function markdown(head, rows) {
	return [
		head,
		head.map(() => "---"),
		...rows
	].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");
}
function cell(text) {
	return text.replaceAll("|", "\\|").trim();
}
const code = (text) => text === "" ? "" : `\`${text}\``;
function fieldTable(schema) {
	return markdown([
		"Field",
		"Type, range",
		"Default",
		"Meaning"
	], fieldDocs(schema).map(({ name, required, fallback, range, meaning }) => [
		code(name),
		range,
		required ? "**required**" : code(fallback),
		meaning
	]));
}
function flagTable(flags) {
	return markdown([
		"Flag",
		"Meaning",
		"Default"
	], flags.map(({ flags: text, meaning, fallback, choices }) => [
		code(text),
		choices === void 0 ? meaning : `${meaning} (${choices.map(code).join(", ")})`,
		fallback === void 0 ? "" : code(String(fallback))
	]));
}
function modeTable() {
	return markdown([
		"Mode",
		"Steps",
		"What happens"
	], Object.entries(MODE_TABLE).map(([name, { steps, meaning }]) => [
		code(name),
		steps.join(", "),
		meaning
	]));
}
/** The cures are written by hand: a code's row keeps the one it has. */
function errorTable(page) {
	const cureOf = (name) => page.match(new RegExp(`^\\| \`${name}\` \\|.*\\| (.*) \\|$`, "m"))?.[1] ?? "";
	return markdown([
		"Code",
		"Exit code",
		"What happened",
		"What to do"
	], Object.entries(CODES).map(([name, { exit, meaning }]) => [
		code(name),
		String(exit),
		meaning,
		cureOf(name)
	]));
}
/** What a module exports that is a config; tables of names may stand beside it. */
const CONFIG_KEYS = /^models$|^datasets$|_datasets$|^summarizer$/;
/** Every entry of every shipped config of a kind, with the config's name. */
async function entriesOf(kind) {
	const found = [];
	for (const { name, path } of shippedConfigs(kind)) {
		const configs = Object.entries(await import(pathToFileURL(path).href)).filter(([key]) => CONFIG_KEYS.test(key)).flatMap(([, value]) => value);
		found.push(...configs.map((entry) => ({
			name,
			entry
		})));
	}
	return found;
}
async function modelConfigs() {
	return markdown([
		"Config",
		"Class",
		"Mode",
		"`abbr`"
	], (await entriesOf("models")).map(({ name, entry }) => [
		code(name),
		code(entry.type),
		entry.stream ? "stream" : "text",
		code(entry.abbr)
	]));
}
async function datasetConfigs() {
	const rows = (await entriesOf("datasets")).map(({ name, entry }) => [
		code(name),
		code(entry.type),
		entry.reader_cfg.test_range === void 0 ? "all" : code(entry.reader_cfg.test_range),
		promptKind(entry.infer_cfg),
		String(entry.infer_cfg.retriever.fix_id_list?.length ?? 0)
	]);
	return markdown([
		"Config",
		"Class",
		"Questions",
		"Prompt",
		"Worked examples"
	], [...new Map(rows.map((row) => [row.join("|"), row])).values()]);
}
function promptKind({ prompt_template, inferencer }) {
	const kindOf = (template) => typeof template === "string" ? "text" : "dialogue";
	if (inferencer.type === "MultiTurnGenInferencer") return "dialogue of turns";
	if (inferencer.type !== "PPLInferencer") return kindOf(prompt_template.template);
	return `${kindOf(Object.values(prompt_template.template)[0])} for each label`;
}
async function summarizerConfigs() {
	return markdown([
		"Config",
		"For",
		"Class"
	], (await entriesOf("summarizers")).map(({ name, entry }) => [
		code(name),
		entry.attr,
		code(entry.type)
	]));
}
// test/docs.test.ts
/**
* The docs say what the code does: their tables come from it, their commands parse, their examples run.
* `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` rewrites the tables.
*/
init_errors$1();
const root = fileURLToPath(new URL("..", "file:///work/main/test/docs.test.ts"));
const read = (page) => readFileSync(join(root, page), "utf8");
const pages = [
	"README.md",
	"README.zh-CN.md",
	...readdirSync(join(root, "docs")).map((page) => `docs/${page}`)
];
/** Code blocks of a page in a language, '' for none. */
function blocks(page, language) {
	return [...read(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)].filter(([, own]) => own === language).map(([, , content]) => content);
}
/** Rows of a Markdown table whose first cell is in backticks: cells without backticks. */
function rowsOf(page) {
	return [...read(page).matchAll(/^\| (`.*) \|$/gm)].map(([, row]) => row.split(" | ").map((one) => one.replaceAll("`", "").trim()));
}
describe("tables that come from the code", () => {
	it.each(TABLES)("%s: %s", async (page, marker, make) => {
		const before = read(page);
		const after = withTable(before, marker, await make(before));
		if (process.env["UPDATE_DOCS"]) writeFileSync(join(root, page), after);
		else expect(before).toBe(after);
	});
	it("docs/errors.md has a cure for every code", () => {
		const codes = rowsOf("docs/errors.md").filter(([name]) => /^[A-Z]+-[A-Z]+-\d+$/.test(name));
		expect(codes.filter((cells) => cells.length !== 4 || cells[3] === "")).toEqual([]);
	});
	it("docs/errors.md says which failures are retried", () => {
		const kinds = rowsOf("docs/errors.md").filter(([name]) => /^[a-z]+(-[a-z]+)?$/.test(name));
		expect(kinds).toHaveLength(8);
		for (const [kind, , retried] of kinds) {
			if (kind === "http-status") continue;
			expect([kind, retried]).toEqual([kind, worthRetrying(kind) ? "yes" : "no"]);
		}
	});
	it("docs/cli.md lists the exit codes", () => {
		const listed = [...read("docs/cli.md").matchAll(/^\| (\d+) \| (\w+) \| \S.* \|$/gm)];
		expect(Object.fromEntries(listed.map(([, value, name]) => [name, Number(value)]))).toEqual(EXIT);
	});
	it("docs/cli.md lists the environment variables", () => {
		const used = readdirSync(join(root, "src"), {
			recursive: true,
			encoding: "utf8"
		}).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts")).map((file) => read(`src/${file}`)).flatMap((source) => [...source.matchAll(/process\.env\['(\w+)'\]/g)].map(([, name]) => name));
		expect(used).not.toEqual([]);
		for (const name of used) expect(rowsOf("docs/cli.md").map(([first]) => first)).toContain(name);
	});
	it("docs/config.md lists the parts of a dataset", () => {
		const { reader_cfg, infer_cfg, eval_cfg } = datasetSchema.shape;
		const listed = rowsOf("docs/config.md").flatMap(([first]) => first.split(", "));
		for (const [name, schema] of Object.entries({
			reader_cfg,
			infer_cfg,
			eval_cfg: eval_cfg.unwrap()
		})) for (const key of Object.keys(schema.shape)) expect(listed).toContain(`${name}.${key}`);
	});
	it("docs/architecture.md has the rows that the architecture test holds, and every room", () => {
		const rows = [.../const ROWS[^=]*= (\[.*?\n\]);/s.exec(read("test/architecture.test.ts"))[1].matchAll(/'([^']+)'/g)].map(([, name]) => name);
		const page = read("docs/architecture.md");
		const told = [...page.matchAll(/^\| \d \| (.*) \|$/gm)].flatMap(([, row]) => row.split(", "));
		expect(told.map((name) => name.replaceAll("`", ""))).toEqual(rows);
		for (const name of readdirSync(join(root, "src")).filter((file) => !file.endsWith(".test.ts"))) expect(page).toMatch(new RegExp(`^\\| .*\`src/${name.replace(".", "\\.")}/?\``, "m"));
	});
});
function worthRetrying(kind) {
	return isWorthRetrying({
		kind,
		message: ""
	});
}
describe.each(pages)("%s", (page) => {
	const content = read(page);
	it("has links that lead somewhere", () => {
		const broken = [...content.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^https?:/.test(link)).filter((link) => !leadsSomewhere(page, link));
		expect(broken).toEqual([]);
	});
	it("names no path of a machine", () => {
		expect(content).not.toMatch(/\/(work|tmp|root|home|mnt)\//);
	});
	it("has npm scripts that exist", () => {
		const { scripts } = JSON.parse(read("package.json"));
		const named = [...content.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
		expect(named.filter((name) => scripts[name] === void 0)).toEqual([]);
	});
	it.each(commandsOf(page))("%s", (command) => {
		expect(() => parser$1().parse(wordsOf(command), { from: "user" })).not.toThrow();
	});
});
function leadsSomewhere(page, link) {
	const [path = "", anchor] = link.split("#");
	const target = path === "" ? page : join(dirname(page), path);
	if (!existsSync(join(root, target))) return false;
	return anchor === void 0 || headingsOf(target).includes(anchor);
}
/** Anchors as GitHub makes them. */
function headingsOf(page) {
	return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"));
}
function commandsOf(page) {
	return blocks(page, "sh").flatMap((block) => block.split("\n")).filter((line) => /^(?:\w+=\S+ )*ais_bench( |$)/.test(line));
}
/** The arguments of a command line: words, and quoted words. */
function wordsOf(command) {
	const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
	const redirected = words.indexOf(">");
	return words.slice(words.indexOf("ais_bench") + 1, redirected < 0 ? void 0 : redirected);
}
/** The command line's parser with commands that check names and do nothing. */
function parser$1() {
	const command = new Command().enablePositionalOptions().exitOverride().configureOutput({ writeErr: () => {} });
	for (const spec of RUN_FLAGS) command.addOption(toOption(spec));
	command.argument("[config]");
	command.action((config, { models, datasets, search, customDatasetPath }) => {
		if (search) return;
		if (config !== void 0) return void expect(config).toMatch(/\.(py|ts|js|yaml|json)$/);
		expect(knownNames("models")).toEqual(expect.arrayContaining(models));
		expect(knownNames("datasets")).toEqual(expect.arrayContaining(datasets ?? (customDatasetPath === void 0 ? void 0 : [])));
	});
	const commands = {
		serve: SERVE_FLAGS,
		demo: DEMO_FLAGS,
		schema: [],
		"new <kind> <name>": NEW_FLAGS,
		"check <model>": CHECK_FLAGS,
		"import <dir>": IMPORT_FLAGS,
		"explain <run>": EXPLAIN_FLAGS,
		selftest: SELFTEST_FLAGS
	};
	for (const [name, flags] of Object.entries(commands)) {
		const own = command.command(name).exitOverride().action(() => {});
		for (const spec of flags) own.addOption(toOption(spec));
	}
	return command;
}
/** Shipped configs, and those that the docs tell the reader to write. */
function knownNames(kind) {
	const own = pages.flatMap((page) => [...read(page).matchAll(new RegExp(`configs/${kind}/(\\w+)\\.`, "g"))]);
	return [...shippedConfigs(kind).map(({ name }) => name), ...own.map(([, name]) => name)];
}
it("the Chinese page has every command of the English one", () => {
	const commands = blocks("README.md", "sh").flatMap((block) => block.trim().split("\n"));
	const told = blocks("README.zh-CN.md", "sh").flatMap((block) => block.trim().split("\n"));
	expect(told).toEqual(expect.arrayContaining(commands));
});
it("every shipped config is in docs/models.md", () => {
	const names = [
		"models",
		"datasets",
		"summarizers"
	].flatMap(shippedConfigs);
	for (const { name } of names) expect(read("docs/models.md")).toContain(`| \`${name}\` |`);
});
describe("examples", () => {
	const extensions = {
		ts: "ts",
		js: "js",
		json: "json",
		yaml: "yaml"
	};
	const configs = [
		"docs/add-a-benchmark.md",
		"docs/config.md",
		"docs/connections.md",
		"docs/multimodal.md",
		"docs/quick-start.md"
	].flatMap((page) => Object.entries(extensions).flatMap(([language, extension]) => blocks(page, language).map((content, n) => ({
		name: `${page} ${language} ${n}`,
		extension,
		content
	}))));
	it("are in four forms", () => {
		expect(new Set(configs.map(({ extension }) => extension)).size).toBe(4);
	});
	it.each(configs)("$name is a config", async ({ extension, content }) => {
		const kind = content.includes("_datasets") ? "datasets" : "models";
		const folder = emptyFolder({ [`${kind}/example.${extension}`]: content });
		const flags = {
			models: ["vllm_api_stream_chat"],
			datasets: ["demo_gsm8k_gen_0_shot_cot_str_perf"],
			[kind]: ["example"],
			mode: "all",
			configDir: folder,
			numWarmups: 1,
			maxErrorRate: .01,
			set: []
		};
		const shipped = join(root, "configs");
		const context = {
			shipped,
			entry: join(root, "src/index.ts")
		};
		const plan = await resolvePlan(await readRaw(flags, {
			own: folder,
			shipped
		}, context), flags, catalog, { GATEWAY_KEY: "a key" });
		expect([plan.models.length, plan.datasets.length]).toEqual([1, 1]);
	});
	it("the record of docs/results.md is one", () => {
		const [line] = blocks("docs/results.md", "json");
		expect(encodeRecord(decodeRecord(line.trim(), "docs/results.md"))).toBe(line.trim());
	});
});
describe("docs/add-a-backend.md", () => {
	const page = "docs/add-a-backend.md";
	const section = (heading) => read(page).split(`\n## ${heading}`)[1].split("\n## ")[0];
	const commandsIn = (heading) => [...section(heading).matchAll(/^ais_bench (.*)$/gm)].map(([, words]) => words.split(" "));
	const [refused, scored] = blocks(page, "").map((output) => output.trim());
	/** A folder as the page's reader has it, with the package installed. */
	function folder(files = {}) {
		const cwd = emptyFolder(files);
		mkdirSync(join(cwd, "node_modules"));
		symlinkSync(resolve(root), join(cwd, "node_modules/ais-bench"));
		return cwd;
	}
	async function startMyServer(cwd) {
		writeFileSync(join(cwd, "my_server.mjs"), blocks(page, "js")[0]);
		const child = node(cwd, ["my_server.mjs"], { PORT: "0" });
		const [line] = await once(createInterface({ input: child.stdout }), "line");
		return /^listening on (\d+)$/.exec(line)[1];
	}
	function write(cwd) {
		const [model, config] = blocks(page, "ts");
		writeFileSync(join(cwd, "models/my_custom_api.ts"), model);
		writeFileSync(join(cwd, "configs/models/my_custom_api.ts"), config);
		writeFileSync(join(cwd, "models/my_custom_api.test.mjs"), blocks(page, "js")[1]);
	}
	async function passes(cwd, name, checks) {
		const child = node(cwd, ["--test", `models/${name}.test.mjs`]);
		const [code, stdout] = await Promise.all([once(child, "close"), text(child.stdout)]);
		expect(stdout).toMatch(new RegExp(`^# pass ${checks}$`, "m"));
		expect(code).toEqual([0, null]);
	}
	it("lets files be written that work as they are", async () => {
		const cwd = folder();
		const [create, , check, run] = commandsIn("1. Let the files be written");
		expect((await aisBench(cwd, ...create)).code).toBe(0);
		await passes(cwd, "my_custom_api", 12);
		const { port } = await serve();
		for (const args of [check, run]) expect((await aisBench(cwd, ...args, "--host-port", port)).code).toBe(0);
	});
	it("has a service that the class as written does not know, and a check that says so", async () => {
		const cwd = folder();
		await aisBench(cwd, ...commandsIn("1. Let the files be written")[0]);
		const port = await startMyServer(cwd);
		const { code, stdout } = await aisBench(cwd, ...commandsIn("2. The service")[0], "--host-port", port);
		expect(code).toBe(1);
		expect(stdout).toContain(refused);
	});
	it("has a class and a config that are checked, tested and run", async () => {
		const cwd = folder();
		await aisBench(cwd, ...commandsIn("1. Let the files be written")[0]);
		write(cwd);
		const port = await startMyServer(cwd);
		const [check, both, perf] = commandsIn("5. Run it").map((words) => [
			...words,
			"--host-port",
			port
		]);
		expect((await aisBench(cwd, ...check)).stdout).toContain("Nothing is wrong.");
		for (const args of [
			both,
			perf,
			[
				...both,
				"--set",
				"models.0.stream=false"
			]
		]) {
			const { code, stdout, stderr } = await aisBench(cwd, ...args);
			expect(stderr).not.toContain("WARN");
			expect(code).toBe(0);
			if (args !== perf) expect(stdout).toContain(scored);
			for (const record of recordsOf(cwd)) expect(record).toMatchObject({
				outcome: "ok",
				outputTokens: {
					value: 5,
					source: "server"
				}
			});
		}
		await passes(cwd, "my_custom_api", 12);
	});
	it("quotes what is said of a parser that forgets the words", async () => {
		const cwd = folder();
		await aisBench(cwd, ...commandsIn("1. Let the files be written")[0]);
		write(cwd);
		const model = join(cwd, "models/my_custom_api.ts");
		const forgets = readFileSync(model, "utf8").replace("output.content += data.word ?? '';", "");
		writeFileSync(model, forgets);
		const { stdout } = await aisBench(cwd, "check", "my_custom_api", "--host-port", await startMyServer(cwd));
		const quoted = /would say: \*(.*?)\*\./s.exec(section("3. The class"))[1].replace(/\s+/g, " ");
		expect(stdout.replace(/\s+/g, " ")).toContain(quoted);
	});
	it("has a local model in Python that works as it is written", async () => {
		const [source] = blocks(page, "py");
		const [config] = blocks(page, "yaml");
		const cwd = folder({
			"models/my_custom_model.py": source,
			"configs/models/my_python_model.yaml": config
		});
		for (const args of commandsIn("A model in Python")) {
			const { code, stdout } = await aisBench(cwd, ...args);
			expect(code).toBe(0);
			expect(stdout).toContain(args[0] === "check" ? "The answer is 144." : "my_python_model 12.50 8 ");
		}
		for (const record of recordsOf(cwd)) expect(record).toMatchObject({ outcome: "ok" });
	});
	it("has a local model that works as it is written", async () => {
		const cwd = folder();
		for (const args of commandsIn("A local model")) expect((await aisBench(cwd, ...args)).code).toBe(0);
		await passes(cwd, "my_custom_model", 5);
	});
});
function node(cwd, args, env = {}) {
	const { PATH = "", HOME = "" } = process.env;
	const child = spawn(process.execPath, args, {
		cwd,
		env: {
			PATH,
			HOME,
			...env
		},
		stdio: [
			"ignore",
			"pipe",
			"inherit"
		]
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	return child;
}
// .lt-entry-29077.mjs
await runAll();
export {};
