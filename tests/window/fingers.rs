//! Real fingers on a touchscreen.

use super::Bench;
use super::touchscreen::Touchscreen;

/// The workbench on a touchscreen.
fn open() -> Option<(Bench, Touchscreen)> {
    let arguments = [
        "explore",
        "nn.Conv2d(3, 8, 3, padding=1)",
        "--input",
        "3x7x7",
        "--lang",
        "en",
        "--theme",
        "light",
    ];
    let (bench, screen) = Bench::open_touch(&arguments)?;
    bench.is("layers", "nn.Conv2d(3, 8, 3, padding=1)");
    // Until the first picture is there.
    bench.until("camera", |_| bench.camera().len() == 6);
    std::thread::sleep(std::time::Duration::from_secs(3));
    Some((bench, screen))
}

/// Where the camera stands once it has come to rest.
fn rest(bench: &Bench) -> Vec<f32> {
    let mut before = bench.camera();
    super::wait_for("the camera at rest", || {
        std::thread::sleep(std::time::Duration::from_millis(800));
        let now = bench.camera();
        (std::mem::replace(&mut before, now.clone()) == now).then_some(now)
    })
}

fn near(a: f32, b: f32, by: f32) -> bool {
    (a - b).abs() < by
}

#[test]
fn fingers_turn_shift_and_zoom_the_view() {
    let Some((bench, mut screen)) = open() else {
        return;
    };
    // One finger turns: once round in the window's width.
    let straight = bench.camera();
    let before = bench.screen();
    screen.glide(&[[(640.0, 560.0), (760.0, 520.0)]]);
    let turned = rest(&bench);
    assert!(near(straight[0] - turned[0], 33.75, 1.0), "{turned:?}");
    assert!(near(straight[1] - turned[1], 10.0, 1.0), "{turned:?}");
    assert_eq!(straight[2..], turned[2..], "only turned");
    assert!(bench.shows_change(&before, 0.02));

    // Two fingers that go apart bring it nearer, by as much as they go apart.
    let before = bench.screen();
    screen.glide(&[
        [(590.0, 360.0), (540.0, 360.0)],
        [(690.0, 360.0), (740.0, 360.0)],
    ]);
    let nearer = rest(&bench);
    assert_eq!(turned[..2], nearer[..2], "not turned");
    let times = turned[2] / nearer[2];
    assert!(near(times, 2.0, 0.05), "{times} times as large");
    assert!(bench.shows_change(&before, 0.05));
    // And together again.
    screen.glide(&[
        [(490.0, 360.0), (540.0, 360.0)],
        [(790.0, 360.0), (740.0, 360.0)],
    ]);
    let farther = rest(&bench);
    assert!(near(farther[2] / nearer[2], 1.5, 0.05), "{farther:?}");

    // Two fingers side by side shift it, and nothing else.
    let before = bench.screen();
    screen.glide(&[
        [(600.0, 500.0), (700.0, 440.0)],
        [(680.0, 500.0), (780.0, 440.0)],
    ]);
    let shifted = rest(&bench);
    assert_eq!(farther[..2], shifted[..2], "not turned");
    assert!(near(shifted[2] / farther[2], 1.0, 0.02), "{shifted:?}");
    let way = (3..6).map(|axis| (shifted[axis] - farther[axis]).powi(2));
    let way = way.sum::<f32>().sqrt();
    // As far as the fingers went.
    let expected = 100.0_f32.hypot(60.0) * farther[2] / 720.0;
    assert!(near(way / expected, 1.0, 0.05), "{way} of {expected}");
    assert!(bench.shows_change(&before, 0.05));

    // Lifting one of two fingers first turns nothing, and three fingers do nothing.
    for finger in 1..=3 {
        screen.press(finger, (500.0 + 60.0 * f64::from(finger), 560.0));
    }
    for finger in [3, 2, 1] {
        let x = 560.0 + 60.0 * f64::from(finger);
        screen.slide(finger, (x, 500.0));
        std::thread::sleep(std::time::Duration::from_millis(400));
        screen.lift(finger, (x, 500.0));
    }
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(rest(&bench), shifted);
    assert_eq!(bench.state("pinned"), "");
}

#[test]
fn a_tap_pins_and_panels_take_fingers_without_turning_the_view() {
    let Some((bench, mut screen)) = open() else {
        return;
    };
    let straight = bench.camera();
    // A tap pins what is there, a second one unpins it.
    let mut place = None;
    'scan: for y in [340, 370, 400, 310] {
        for x in (420..900).step_by(22) {
            let at = (f64::from(x), f64::from(y));
            screen.tap(at);
            if !bench.state("pinned").is_empty() {
                place = Some(at);
                break 'scan;
            }
        }
    }
    let place = place.expect("an element is tapped");
    bench.is("tab", "Element");
    screen.tap(place);
    bench.is("pinned", "");
    // A finger that is gone looks at nothing.
    bench.is("hovered", "");

    // A slider is dragged; the view stays.
    let slider = [286.0, 292.0, 280.0, 298.0, 274.0].into_iter().find(|y| {
        screen.glide(&[[(148.0, *y), (190.0, *y)]]);
        assert_eq!(
            bench.camera(),
            straight,
            "the slider's drag is not the view's"
        );
        !bench.state("layers").contains("Conv2d(3, 8,")
    });
    let layers = bench.state("layers");
    assert!(slider.is_some(), "no slider is moved: {layers}");
    assert!(layers.starts_with("nn.Conv2d(3, "), "{layers}");
    // A finger that comes from a panel over the stage is still the panel's.
    screen.glide(&[[(300.0, 560.0), (600.0, 480.0)]]);
    assert_eq!(rest(&bench), straight);
    // Buttons are tapped: the right panel's tabs.
    screen.tap((984.0, 30.0));
    bench.is("tab", "Facts");
    screen.glide(&[[(640.0, 560.0), (760.0, 560.0)]]);
    assert!(near(straight[0] - rest(&bench)[0], 33.75, 1.0));
}
