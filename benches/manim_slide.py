"""The full slide of a convolution, written plainly for manim Community's 3D scene: an input of 8 x 7 x 7,
two filters of 3 x 3, valid padding, 2 x 5 x 5 windows, 20 seconds. `benches/manim_slide` renders it and the
same scene of Tensorama's, and compares the times.

    manim render -r 1280,720 --fps 30 --disable_caching benches/manim_slide.py Slide
"""

from manim import BLUE, GREEN, GREY, ORANGE, YELLOW, Cube, ThreeDScene, VGroup, DEGREES

CHANNELS, SIDE, KERNEL, FILTERS, SECONDS = 8, 7, 3, 2, 20
OUT = SIDE - KERNEL + 1
CUBE = 0.3


def block(channels, rows, columns, colour):
    cubes = VGroup()
    for channel in range(channels):
        for row in range(rows):
            for column in range(columns):
                cube = Cube(side_length=CUBE * 0.9, fill_color=colour, fill_opacity=0.9, stroke_width=0.5)
                cube.move_to([column * CUBE, -channel * CUBE, -row * CUBE])
                cubes.add(cube)
    return cubes


class Slide(ThreeDScene):
    def construct(self):
        self.set_camera_orientation(phi=65 * DEGREES, theta=-60 * DEGREES, zoom=1.1)
        tensor = block(CHANNELS, SIDE, SIDE, BLUE).shift([-3.2, 1.2, 1.0])
        output = block(FILTERS, OUT, OUT, GREY).shift([2.2, 0.3, 0.7])
        corner = tensor[0].get_center()
        self.add(tensor, output)
        steps = FILTERS * OUT * OUT
        for filter_, colour in enumerate([ORANGE, GREEN]):
            kernel = block(CHANNELS, KERNEL, KERNEL, colour)
            kernel.set_fill(opacity=0.35).shift(corner)
            self.add(kernel)
            for row in range(OUT):
                for column in range(OUT):
                    value = output[(filter_ * OUT + row) * OUT + column]
                    place = [CUBE * (column + 1), -CUBE * (CHANNELS - 1) / 2, -CUBE * (row + 1)]
                    self.play(
                        kernel.animate.move_to(corner + place),
                        value.animate.set_fill(YELLOW if column == row else colour),
                        run_time=SECONDS / steps,
                    )
            self.remove(kernel)
