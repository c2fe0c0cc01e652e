//! Maps of whole networks: what belongs together is found from how values depend on each other, every
//! layer is in it once, and nothing on the map lies on anything else.

use std::collections::BTreeSet;

use tensorama::network::map::{
    Body, MapPicture, NetworkMap, PlacedMap, Unit, UnitKind, is_transformer,
};
use tensorama::network::{Graph, Subject};
use tensorama::op::Family;
use tensorama::tensor::Shape;

/// Each network of `tests/networks`, for the input that PyTorch was asked for.
fn networks() -> Vec<(String, Graph)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/networks");
    let expected = std::fs::read_to_string(format!("{folder}/expected.jsonl")).unwrap();
    let networks = expected.lines().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let file = line["file"].as_str().or_else(|| line["name"].as_str())?;
        let input = line["input"].as_array()?.iter();
        let axes: Vec<usize> = input
            .map(|axis| axis.as_u64().map(|axis| axis as usize))
            .collect::<Option<_>>()?;
        let name = if file.ends_with(".py") {
            file.to_owned()
        } else {
            format!("{file}.py")
        };
        let subject = Subject::parse(&format!("{folder}/{name}")).ok()?;
        let graph = subject.graph(&Shape::new(&axes).ok()?).ok()?;
        Some((name, graph))
    });
    let networks: Vec<(String, Graph)> = networks.collect();
    assert!(
        networks.len() >= 20,
        "only {} networks open",
        networks.len()
    );
    networks
}

fn graph(name: &str, input: &[usize]) -> Graph {
    let path = format!("{}/tests/networks/{name}.py", env!("CARGO_MANIFEST_DIR"));
    let subject = Subject::parse(&path).unwrap();
    subject.graph(&Shape::new(input).unwrap()).unwrap()
}

fn all<'a>(units: &'a [Unit], into: &mut Vec<&'a Unit>) {
    for unit in units {
        into.push(unit);
        all(&unit.parts, into);
    }
}

/// The units that hold nodes and nothing else.
fn leaves(units: &[Unit]) -> Vec<&Unit> {
    let mut every = Vec::new();
    all(units, &mut every);
    every
        .into_iter()
        .filter(|unit| unit.parts.is_empty())
        .collect()
}

#[test]
fn every_layer_is_on_the_map_once() {
    for (name, graph) in networks() {
        let map = NetworkMap::new(&graph);
        let mut nodes: Vec<usize> = leaves(&map.units)
            .iter()
            .flat_map(|unit| unit.nodes.iter().chain(&unit.fixed).copied())
            .collect();
        let count = nodes.len();
        nodes.sort_unstable();
        nodes.dedup();
        assert_eq!(nodes.len(), count, "{name}: a layer is on the map twice");
        // Only what depends on no input is left out.
        let macs: u64 = map.units.iter().map(|unit| unit.cost.macs).sum();
        assert_eq!(macs, graph.cost().macs, "{name}");
        let mut names = Vec::new();
        let mut every = Vec::new();
        all(&map.units, &mut every);
        for unit in &every {
            names.push(unit.name.clone());
            let parts: BTreeSet<usize> = unit
                .parts
                .iter()
                .flat_map(|part| part.nodes.iter().copied())
                .collect();
            if !unit.parts.is_empty() {
                assert_eq!(
                    parts,
                    unit.nodes.iter().copied().collect(),
                    "{name}: {}",
                    unit.name
                );
            }
            assert!(!unit.title(&graph).en.is_empty() && !unit.title(&graph).ja.is_empty());
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{name}: two units have one name");
    }
}

/// A picture as a phone's.
const UPRIGHT: MapPicture = MapPicture {
    aspect: 0.68,
    filled: 0.76,
    letters: 0.5625,
    rows: 20,
};

/// Opens everything, one unit after another, and looks at each map on the way, in a wide picture and an upright one.
fn every_opening(map: &NetworkMap, graph: &Graph, look: impl Fn(&PlacedMap, &BTreeSet<String>)) {
    let mut open = BTreeSet::new();
    let look_at = |open: &BTreeSet<String>| {
        for picture in [MapPicture::WIDE, UPRIGHT] {
            look(&PlacedMap::in_picture(map, graph, open, picture), open);
        }
    };
    look_at(&open);
    let mut every = Vec::new();
    all(&map.units, &mut every);
    for unit in every.iter().filter(|unit| !unit.parts.is_empty()) {
        open.insert(unit.name.clone());
        look_at(&open);
    }
}

/// The height of an upright picture that holds a map.
fn upright_height(placed: &PlacedMap) -> f32 {
    let (low, high) = placed.bounds().unwrap();
    let size = high - low;
    (size.y / UPRIGHT.filled).max(size.x / UPRIGHT.aspect / UPRIGHT.filled)
}

#[test]
fn a_map_is_larger_in_an_upright_picture_where_it_is_laid_out_for_it() {
    let mut folded = 0;
    for (name, graph) in networks() {
        let map = NetworkMap::new(&graph);
        let open = BTreeSet::new();
        let wide = PlacedMap::new(&map, &graph, &open);
        let upright = PlacedMap::in_picture(&map, &graph, &open, UPRIGHT);
        assert_eq!(wide.blocks.len(), upright.blocks.len());
        for (one, other) in wide.blocks.iter().zip(&upright.blocks) {
            assert_eq!((&one.name, one.half), (&other.name, other.half), "{name}");
        }
        let (before, after) = (upright_height(&wide), upright_height(&upright));
        folded += usize::from(after < before * 0.7);
    }
    assert!(folded >= 8, "only {folded} maps are much larger");
}

#[test]
fn what_an_open_block_is_made_of_stands_in_one_row() {
    let graph = graph("cifar_resnet", &[3, 32, 32]);
    let map = NetworkMap::new(&graph);
    let mut every = Vec::new();
    all(&map.units, &mut every);
    let block = every.iter().find(|unit| {
        let kind = unit.kind;
        matches!(
            kind,
            UnitKind::Residual {
                projected: false,
                ..
            }
        )
    });
    let block = block.unwrap();
    let mut open: BTreeSet<String> = map
        .around(&block.name)
        .iter()
        .map(|unit| unit.name.clone())
        .collect();
    open.insert(block.name.clone());
    let placed = PlacedMap::new(&map, &graph, &open);
    let parts = block.parts.iter().map(|part| {
        let number = placed.find(&part.name).unwrap();
        placed.blocks[number].middle.x
    });
    let along: Vec<f32> = parts.collect();
    assert!(
        along.windows(2).all(|pair| pair[0] < pair[1]),
        "{along:?} of {}",
        block.name
    );
}

#[test]
fn nothing_on_a_map_lies_on_anything_else() {
    for (name, graph) in networks() {
        let map = NetworkMap::new(&graph);
        every_opening(&map, &graph, |placed, open| {
            for (at, block) in placed.blocks.iter().enumerate() {
                let (low, high) = block.bounds();
                assert!(
                    low.y > placed.floor && low.is_finite() && high.is_finite(),
                    "{name}"
                );
                for other in &placed.blocks[at + 1..] {
                    let (near, far) = other.bounds();
                    let apart =
                        high.x <= near.x || far.x <= low.x || high.y <= near.y || far.y <= low.y;
                    assert!(
                        apart,
                        "{name}, open {open:?}: {} lies on {}",
                        block.name, other.name
                    );
                }
            }
            for link in &placed.links {
                let (from, to) = (&placed.blocks[link.from], &placed.blocks[link.to]);
                let (first, last) = (link.points[0], *link.points.last().unwrap());
                let near = |point: glam::Vec3, (low, high): (glam::Vec3, glam::Vec3)| {
                    let around = glam::Vec3::splat(1e-3);
                    point.cmpge(low - around).all() && point.cmple(high + around).all()
                };
                assert!(
                    near(first, from.bounds()) && near(last, to.bounds()),
                    "{name}: a way leads nowhere"
                );
            }
        });
    }
}

#[test]
fn every_block_but_the_first_is_reached() {
    for (name, graph) in networks() {
        let map = NetworkMap::new(&graph);
        every_opening(&map, &graph, |placed, open| {
            for number in map.inputs.len()..placed.blocks.len() {
                let reached = placed.links.iter().any(|link| link.to == number);
                assert!(
                    reached,
                    "{name}, open {open:?}: nothing leads to {}",
                    placed.blocks[number].name
                );
            }
        });
    }
}

fn kinds(graph: &Graph) -> Vec<UnitKind> {
    let map = NetworkMap::new(graph);
    let mut every = Vec::new();
    all(&map.units, &mut every);
    every.iter().map(|unit| unit.kind).collect()
}

#[test]
fn blocks_are_found_for_what_they_are() {
    let residual = kinds(&graph("cifar_resnet", &[3, 32, 32]));
    assert!(
        residual.iter().any(|kind| matches!(
            kind,
            UnitKind::Residual {
                body: Body::Plain,
                ..
            }
        )),
        "{residual:?}"
    );
    assert!(
        residual
            .iter()
            .any(|kind| matches!(kind, UnitKind::Repeat { .. })),
        "{residual:?}"
    );
    let inception = kinds(&graph("inception", &[3, 64, 64]));
    assert!(
        inception
            .iter()
            .any(|kind| matches!(kind, UnitKind::Branches(_))),
        "{inception:?}"
    );
    let dense = kinds(&graph("densenet", &[3, 32, 32]));
    assert!(dense.contains(&UnitKind::Dense), "{dense:?}");
}

#[test]
fn a_chain_of_layers_is_told_by_its_main_ones() {
    let text = "nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10), nn.Softmax(dim=1))";
    let graph = Subject::parse(text)
        .unwrap()
        .graph(&Shape::new(&[3, 8, 8]).unwrap())
        .unwrap();
    let map = NetworkMap::new(&graph);
    let kinds: Vec<UnitKind> = map.units.iter().map(|unit| unit.kind).collect();
    let layer = |family: Family| UnitKind::Layer(family);
    assert_eq!(
        kinds,
        [
            layer(Family::Convolution),
            layer(Family::Pooling),
            layer(Family::Product)
        ]
    );
    let followers: Vec<Option<String>> = map
        .units
        .iter()
        .map(|unit| unit.followers(&graph))
        .collect();
    assert_eq!(followers[0].as_deref(), Some("BatchNorm2d, ReLU"));
    assert_eq!(followers[2].as_deref(), Some("Softmax"));
}

#[test]
fn long_ways_of_a_u_lead_around() {
    let graph = graph("unet", &[1, 48, 40]);
    let map = NetworkMap::new(&graph);
    let placed = PlacedMap::new(&map, &graph, &BTreeSet::new());
    let skips = placed.links.iter().filter(|link| link.skips).count();
    assert!(skips >= 1, "{:?}", placed.links);
}

/// The titles of a network's stages.
fn titles(graph: &Graph) -> Vec<String> {
    let map = NetworkMap::new(graph);
    let titles = map.units.iter().map(|unit| unit.title(graph).en);
    titles.collect()
}

#[test]
fn attention_and_what_follows_it_are_one_block() {
    let graph = graph("vit", &[3, 32, 32]);
    let map = NetworkMap::new(&graph);
    let titles = titles(&graph);
    assert!(
        titles.contains(&"2 × transformer block".to_owned()),
        "{titles:?}"
    );
    let blocks = map.units.iter().find(|unit| unit.parts.len() == 4).unwrap();
    assert!(blocks.parts.chunks(2).all(is_transformer));
    // The one token that goes on is told apart from the last block.
    assert_eq!(map.units.len(), 5, "{titles:?}");
}

/// A network from the text of a source.
fn written(text: &str, input: &[usize]) -> Graph {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.py");
    std::fs::write(&path, text).unwrap();
    let subject = Subject::parse(&path.to_string_lossy()).unwrap();
    subject.graph(&Shape::new(input).unwrap()).unwrap()
}

#[test]
fn fire_modules_are_folded() {
    let text = "\
import torch
from torch import nn


class Fire(nn.Module):
    def __init__(self, i, s, e):
        super().__init__()
        self.squeeze = nn.Conv2d(i, s, 1)
        self.one = nn.Conv2d(s, e, 1)
        self.three = nn.Conv2d(s, e, 3, padding=1)

    def forward(self, x):
        x = torch.relu(self.squeeze(x))
        return torch.cat([torch.relu(self.one(x)), torch.relu(self.three(x))], 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, stride=2)
        self.a = Fire(16, 4, 8)
        self.b = Fire(16, 4, 8)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Conv2d(16, 10, 1)

    def forward(self, x):
        return self.head(self.pool(self.b(self.a(self.stem(x)))))
";
    let titles = titles(&written(text, &[3, 17, 17]));
    assert_eq!(titles.len(), 4, "{titles:?}");
    assert_eq!(titles[1], "2 × fire module");
}

#[test]
fn blocks_are_found_in_the_arms_of_a_network_that_a_long_way_leads_around() {
    let text = "\
import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 3, padding=1)
        self.b = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.top = Block(8)
        self.middle = nn.Sequential(Block(8), Block(8))
        self.bottom = nn.Sequential(Block(8), Block(8))
        self.head = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        x = self.top(self.stem(x))
        y = self.middle(F.max_pool2d(x, 2))
        z = self.bottom(F.max_pool2d(y, 2))
        y = y + F.interpolate(z, scale_factor=2)
        return self.head(torch.cat([x, F.interpolate(y, scale_factor=2)], 1))
";
    let titles = titles(&written(text, &[3, 16, 16]));
    let residual = |title: &&String| title.contains("residual block");
    assert_eq!(titles.iter().filter(residual).count(), 3, "{titles:?}");
    assert!(titles.len() <= 12, "{titles:?}");
}

#[test]
fn a_normalization_that_channels_are_turned_for_has_its_name() {
    let text = "\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x):
        return x + torch.relu(self.conv(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, stride=4)
        self.a = Block()
        self.b = Block()
        self.norm = nn.LayerNorm(8)
        self.down = nn.Conv2d(8, 16, 2, stride=2)

    def forward(self, x):
        x = self.b(self.a(self.stem(x)))
        x = self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return self.down(x)
";
    let graph = written(text, &[3, 64, 64]);
    let titles = titles(&graph);
    assert_eq!(titles.len(), 4, "{titles:?}");
    assert!(titles[2].starts_with("LayerNorm"), "{titles:?}");
    let map = NetworkMap::new(&graph);
    assert_eq!(map.units[2].followers(&graph).as_deref(), Some("Permute"));
}
