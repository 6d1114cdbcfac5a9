import unittest

from ais_bench.benchmark.utils.prompt import PromptList

HUMAN = {"role": "HUMAN", "prompt": "{question} {other}"}


class APromptList(unittest.TestCase):
    def test_is_filled_and_left_as_it_was(self):
        prompt = PromptList(["{question}", HUMAN])
        filled = prompt.format(question="2 {+} 2")
        self.assertEqual(filled, ["2 {+} 2", {"role": "HUMAN", "prompt": "2 {+} 2 {other}"}])
        self.assertEqual(prompt[1], HUMAN)
        self.assertIsNot(prompt.format(), prompt)

    def test_takes_a_dialogue_in_place_of_a_text(self):
        examples = PromptList([{"role": "BOT", "prompt": "4"}])
        self.assertEqual(PromptList(["a</E>b"]).replace("</E>", examples), ["a", *examples, "b"])
        with self.assertRaisesRegex(TypeError, "inside a message"):
            PromptList([HUMAN]).replace("{question}", examples)

    def test_grows(self):
        prompt = PromptList(["a"])
        self.assertEqual(prompt + "b" + [HUMAN], ["a", "b", HUMAN])
        self.assertEqual("b" + prompt, ["b", "a"])
        self.assertEqual(prompt + "", ["a"])
        prompt += "b"
        self.assertEqual((prompt, type(prompt)), (["a", "b"], PromptList))

    def test_has_a_text(self):
        parts = {"role": "HUMAN", "prompt": [{"type": "image_url", "image_url": "x"}, {"type": "text", "text": "what?"}]}
        self.assertEqual(str(PromptList(["a ", {"role": "BOT", "prompt": "b "}, parts])), "a b what?")


if __name__ == "__main__":
    unittest.main()
