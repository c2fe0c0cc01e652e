//! What the workbench must do while a person waits: pick, relate, and make a scene after an edit.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use glam::Vec3;
use tensorama::explore::pick::{Ray, first_hit};
use tensorama::explore::{Edit, Parameter, Setup, Workbench};
use tensorama::op::{Conv2d, Layer};
use tensorama::tensor::{Fill, Random};
use tensorama::timeline::{Block, Stand};

/// A ray through 262,144 elements: at most 0.1 ms.
fn pick(c: &mut Criterion) {
    let block = Block {
        dims: [64, 64, 64],
        origin: Vec3::ZERO,
        group: 0,
        spread: [1, 1],
        apart: 0.0,
        stand: Stand::Deep,
    };
    let mut random = Random::new(3);
    let mut unit = || random.unit() * 2.0 - 1.0;
    let middle = block.middle();
    let rays: Vec<Ray> = (0..1024)
        .map(|_| {
            let aim = middle + Vec3::new(unit(), unit(), unit()) * 30.0;
            let origin = middle + Vec3::new(unit(), unit(), unit()).normalize_or(Vec3::Z) * 600.0;
            Ray {
                origin,
                direction: (aim - origin).normalize(),
            }
        })
        .collect();
    let mut next = 0;
    c.bench_function("pick/first of 262,144", |b| {
        b.iter(|| {
            next = (next + 1) % rays.len();
            first_hit(black_box(&rays[next]), black_box(&block), &|_| true)
        });
    });
    // Nothing is to be seen, so that the ray goes through to the end.
    let mut next = 0;
    c.bench_function("pick/through 262,144", |b| {
        b.iter(|| {
            next = (next + 1) % rays.len();
            first_hit(black_box(&rays[next]), black_box(&block), &|_| false)
        });
    });
}

/// The field of an output element, and what an input feeds.
fn relate(c: &mut Criterion) {
    let bench = Workbench::new(Setup {
        input: [16, 64, 64],
        layers: vec![Layer::Conv2d(Conv2d::new(16, (3, 3)))],
        ..Setup::default()
    });
    let Some(valid) = bench.valid() else {
        return;
    };
    let plan = &valid.chain.plans()[0];
    c.bench_function("relate/output and input", |b| {
        b.iter(|| {
            black_box(plan.receptive_field(black_box([3, 20, 30])));
            black_box(plan.feeds(black_box([3, 20, 30])))
        });
    });
}

/// From an edit to a checked scene of 20,000 cubes, everything computed.
fn edit(c: &mut Criterion) {
    let mut bench = Workbench::new(Setup {
        input: [8, 30, 30],
        fill: Fill::Random { seed: 1 },
        layers: vec![Layer::Conv2d(Conv2d::new(6, (3, 3)))],
        ..Setup::default()
    });
    let mut round = 0;
    c.bench_function("edit/scene of 20,000", |b| {
        b.iter(|| {
            round += 1;
            bench.apply(Edit::Number(Parameter::Filters, 6 + round % 2));
            black_box(bench.edition())
        });
    });
}

criterion_group!(benches, pick, relate, edit);
criterion_main!(benches);
