"""What of the reading of media needs no package: where bytes come from, which frames are taken, and what is refused."""

import base64
import contextlib
import importlib.util
import os
import pathlib
import tempfile
import unittest

from ais_bench_worker.engines import media, video_files
from ais_bench_worker.engines.media import Limits, limits_of, parts_of


class TestBytes(unittest.TestCase):
    def setUp(self):
        with tempfile.NamedTemporaryFile(suffix=" ü.png", delete=False) as file:
            file.write(b"\x89PNG")
        self.path = file.name
        self.addCleanup(os.remove, self.path)

    def test_come_from_every_form(self):
        encoded = base64.b64encode(b"\x89PNG").decode()
        url = "file://" + self.path.replace(" ", "%20").replace("ü", "%C3%BC")
        for form in (self.path, url, f"data:image/png;base64,{encoded}", encoded, "data:,%89PNG"):
            self.assertEqual(media._bytes_of(form), b"\x89PNG", form)

    def test_of_no_file_are_refused(self):
        for form in ("no/such.png", "file:///no/such.png", "file:///abcd"):
            with self.assertRaisesRegex(FileNotFoundError, "there is no file"):
                media._bytes_of(form)

    def test_that_are_no_base64_are_refused(self):
        with self.assertRaisesRegex(ValueError, "is no base64"):
            media._bytes_of("data:image/png;base64,???")

    def test_of_a_server_that_is_not_there_name_it(self):
        with self.assertRaisesRegex(ValueError, "http://127.0.0.1:1/a.png cannot be read"):
            media._bytes_of("http://127.0.0.1:1/a.png")


class TestParts(unittest.TestCase):
    def test_of_a_text(self):
        self.assertEqual(parts_of("hello", Limits()), ["hello"])
        self.assertEqual(parts_of([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], Limits()), ["a", "b"])

    def test_of_other_kinds_are_refused(self):
        for part, told in (({"type": "audio_url", "audio_url": "a"}, "audio part"), ({"type": "smell"}, "'smell'")):
            with self.assertRaisesRegex(ValueError, told):
                parts_of([part], Limits())


class TestLimits(unittest.TestCase):
    def test_are_those_of_the_config(self):
        self.assertEqual(limits_of(None), Limits())
        self.assertEqual(limits_of({"max_pixels": 100, "fps": None}), Limits(max_pixels=100, fps=None))

    def test_refuse_what_they_do_not_know(self):
        for given, told in (({"size": 1}, "no 'size'"), ({"fps": 0}, "positive"), ({"nframe": True}, "positive")):
            with self.assertRaisesRegex(ValueError, told):
                limits_of(given)


class TestFrames(unittest.TestCase):
    def test_are_even_in_number_where_there_are_two(self):
        for wanted, total, most, expected in ((20, 300, 128, 20), (21, 300, 128, 20), (300, 300, 128, 128), (0, 9, 128, 2)):
            self.assertEqual(video_files.even(wanted, total, most), expected)
        self.assertEqual(video_files.even(5, 1, 128), 1)
        self.assertEqual(video_files.even(5, 0, 128), 0)

    def test_are_spread_from_the_first_to_the_last(self):
        self.assertEqual(video_files.spread(10, 4), [0, 3, 6, 9])
        self.assertEqual(video_files.spread(3, 3), [0, 1, 2])
        self.assertEqual(video_files.spread(3, 1), [0])
        self.assertEqual(video_files.spread(0, 0), [])
        for total in range(1, 40):
            for count in range(1, total + 1):
                found = video_files.spread(total, count)
                self.assertEqual(sorted(set(found)), found)
                self.assertEqual((len(found), found[0] >= 0, found[-1] < total), (count, True, True))


@unittest.skipUnless(importlib.util.find_spec("PIL"), "needs pillow")
class TestImages(unittest.TestCase):
    def test_are_fitted_with_their_proportions(self):
        from PIL import Image

        image = Image.new("RGB", (400, 100))
        self.assertIs(media._fitted(image, 1, 40_000), image)
        self.assertEqual(media._fitted(image, None, 10_000).size, (200, 50))
        self.assertEqual(media._fitted(image, 160_000, None).size, (800, 200))
        # Where both cannot be, the most counts.
        self.assertIs(media._fitted(image, 160_000, 40_000), image)

    def test_that_are_transparent_stand_on_white(self):
        from PIL import Image

        with temporary_png(Image.new("RGBA", (2, 2), (0, 0, 0, 0))) as path:
            self.assertEqual(media.open_image(path, Limits()).getpixel((0, 0)), (255, 255, 255))

    def test_that_are_none_are_refused(self):
        with self.assertRaisesRegex(ValueError, "is no image that can be read"):
            media.open_image("data:image/png;base64,AAAA", Limits())

    def test_make_a_video(self):
        from PIL import Image

        with temporary_png(Image.new("RGB", (40, 20))) as large, temporary_png(Image.new("RGB", (20, 20))) as small:
            urls = [base64.b64encode(pathlib.Path(path).read_bytes()).decode() for path in (large, small, large)]
        video = media.open_video("data:video/jpeg;base64," + ",".join(urls), Limits(nframe=2, max_pixels=200))
        self.assertEqual([frame.size for frame in video.frames], [(20, 10), (20, 10)])
        self.assertEqual(video.rate, 2.0)


@unittest.skipUnless(importlib.util.find_spec("cv2"), "needs OpenCV")
class TestVideoFiles(unittest.TestCase):
    def test_give_frames_in_order(self):
        import cv2
        import numpy

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "film.avi")
            writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"MJPG"), 10, (32, 32))
            for shade in range(0, 250, 5):
                writer.write(numpy.full((32, 32, 3), shade, numpy.uint8))
            writer.release()
            video = media.open_video(path, Limits(fps=2))
            self.assertEqual((len(video.frames), video.rate), (10, 2.0))
            shades = [frame.getpixel((16, 16))[0] for frame in video.frames]
            self.assertEqual(shades, sorted(shades))
            self.assertLess(shades[0], 20)
            self.assertGreater(shades[-1], 230)
            self.assertEqual(len(media.open_video(path, Limits(fps=None, nframe=6)).frames), 6)
            with open(path, "rb") as file:
                url = "data:video/avi;base64," + base64.b64encode(file.read()).decode()
            self.assertEqual(len(media.open_video(url, Limits(fps=2)).frames), 10)


@contextlib.contextmanager
def temporary_png(image):
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        image.save(file, "PNG")
        file.flush()
        yield file.name


if __name__ == "__main__":
    unittest.main()
