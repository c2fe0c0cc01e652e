//! A worksheet in words: what is asked and what is answered, as items in one language.

use super::exercise::{AskedValue, Count, Exercise};
use super::given::{View, given, given_format};
use super::item::{Item, Room, ShapeRow, letter};
use super::question::LessonQuestion;
use super::sheet::{Section, Worksheet};
use super::worked::{Lines, count_lines, element, paper_table, shape_lines, value_lines};
use crate::language::{Language, Localized, says};
use crate::op::{Family, Plan};
use crate::tensor::{NumberFormat, Tensor};

/// Values of more terms than this get more room to be worked out in.
const SHORT: usize = 4;
/// Those of more than this get most of it.
const MIDDLE: usize = 12;

impl Worksheet {
    /// What stands on its pages, in a language; with the answers on pages of their own, where they are wanted.
    #[must_use]
    pub fn items(&self, language: Language, with_solution: bool) -> Vec<Item> {
        let goal = self.goal.as_ref();
        let mut items = vec![Item::Title {
            title: self.title.get(language).clone(),
            goal: goal.map(|goal| goal.get(language).clone()),
            fields: [NAME, DATE]
                .map(|field| field.choose(language).to_owned())
                .to_vec(),
        }];
        for (number, section) in self.sections.iter().enumerate() {
            items.push(section.heading(number, language));
            let mut asked = Asked::new(language);
            if let Some(exercise) = &section.exercise {
                asked.ask(exercise);
            }
            for question in &section.questions {
                asked.ask_of_lesson(question);
            }
            items.append(&mut asked.items);
        }
        if with_solution {
            let title = &self.title;
            let title = says!(with [title]; en: "{title}: solutions", ja: "{title}: 解答");
            items.push(Item::NewPage);
            items.push(Item::Title {
                title: title.choose(language),
                goal: None,
                fields: Vec::new(),
            });
            for (number, section) in self.sections.iter().enumerate() {
                items.push(section.heading(number, language));
                let mut answered = Asked::new(language);
                if let Some(exercise) = &section.exercise {
                    answered.answer(exercise);
                }
                for question in &section.questions {
                    answered.answer_of_lesson(question);
                }
                items.append(&mut answered.items);
            }
        }
        items
    }

    /// What stands at the foot of each page: which sheet it is, so that an answer is found for it.
    #[must_use]
    pub fn foot(&self, language: Language) -> String {
        let (title, seed) = (&self.title, self.seed);
        let foot = says!(
            with [title];
            en: "{title}, sheet {seed}",
            ja: "{title} シート {seed}"
        );
        foot.choose(language)
    }
}

const NAME: Localized<&str> = Localized::new("Name", "名前");
const DATE: Localized<&str> = Localized::new("Date", "日付");

impl Section {
    fn heading(&self, number: usize, language: Language) -> Item {
        let (number, title) = (number + 1, self.title.get(language));
        Item::Heading(format!("{number}. {title}"))
    }
}

/// A layer in PyTorch's notation. A sum of two tensors is no module of it.
fn code(plan: &Plan) -> String {
    if plan.layer().kind().description().family == Family::Addition {
        return "input + other".to_owned();
    }
    plan.source()
}

/// The shape that a layer of several gives, worked out in a line.
fn shape_line(plan: &Plan) -> Localized<String> {
    let joined = Localized::join(shape_lines(plan), Localized::new("; ", "、"));
    let code = code(plan);
    says!(with [joined]; en: "{code}: {joined}", ja: "{code}: {joined}")
}

/// Whether all numbers of a tensor are written exactly.
fn is_exact(tensor: &Tensor) -> bool {
    let format: NumberFormat = given_format(tensor.data());
    tensor.data().iter().all(|value| format.shows(*value))
}

/// Questions or answers of a section, with their letters.
struct Asked {
    language: Language,
    letters: usize,
    items: Vec<Item>,
}

impl Asked {
    const fn new(language: Language) -> Self {
        Self {
            language,
            letters: 0,
            items: Vec::new(),
        }
    }

    fn next_letter(&mut self) -> String {
        self.letters += 1;
        letter(self.letters - 1)
    }

    fn question(&mut self, text: Localized<String>, room: Room) {
        let question = Item::Question {
            letter: self.next_letter(),
            lead: None,
            text: text.choose(self.language),
            room,
        };
        self.items.push(question);
    }

    fn answers(&mut self, lines: Lines) {
        let language = self.language;
        let answer = Item::Answer {
            letter: self.next_letter(),
            lines: lines
                .into_iter()
                .map(|line| line.choose(language))
                .collect(),
            table: None,
        };
        self.items.push(answer);
    }

    /// What is asked about a layer.
    fn ask(&mut self, exercise: &Exercise) {
        let language = self.language;
        let plan = &exercise.plan;
        self.items.push(Item::Code(vec![code(plan)]));
        self.items.push(Item::Note(note(exercise).choose(language)));
        let tables = given(plan, &exercise.operands, &exercise.values);
        self.items.push(Item::Tables(tables.unwrap_or_default()));
        self.ask_shapes(exercise);
        let first = self.letters;
        for value in &exercise.values {
            let name = element("output", plan.output_shape(), value.place);
            let text = says!(en: "Compute {name}.", ja: "{name} を計算しましょう。");
            self.question(text, Room::Lines(room(value)));
        }
        match exercise.count {
            Some(Count::Macs) => self.question(
                says!(
                    en: "How many multiply-accumulates (MACs) does the layer take?",
                    ja: "この層の積和演算は何回ですか。"
                ),
                Room::Lines(1),
            ),
            Some(Count::Parameters) => self.question(
                says!(
                    en: "How many parameters does the layer have?",
                    ja: "この層のパラメータは何個ですか。"
                ),
                Room::Lines(1),
            ),
            None => {}
        }
        if let Some(paper) = &exercise.paper {
            let table = paper.empty(&exercise.output, &exercise.values, first);
            let name = &table.caption;
            let text = says!(
                en: "{name} begins in the upper left corner of this paper, which is larger. Draw its edge, and write in the values that you know.",
                ja: "この方眼は {name} より大きく、{name} は左上から始まります。{name} の境界を線で囲み、分かった値を書き込みましょう。"
            );
            self.question(text, Room::Paper(table));
        }
    }

    fn ask_shapes(&mut self, exercise: &Exercise) {
        let row = |plan: &Plan, name: String| ShapeRow {
            name,
            axes: plan.output_shape().rank(),
        };
        if exercise.following.is_empty() {
            let text = says!(en: "Which shape does the output have?", ja: "出力の形は?");
            let rows = vec![row(&exercise.plan, String::new())];
            return self.question(text, Room::Shapes(rows));
        }
        let text = says!(
            en: "Other layers follow. Which shape does the output of each have?",
            ja: "この後に、ほかの層が続きます。それぞれの出力の形は?"
        );
        let plans = std::iter::once(&exercise.plan).chain(&exercise.following);
        let rows = plans.map(|plan| row(plan, code(plan))).collect();
        self.question(text, Room::Shapes(rows));
    }

    fn ask_of_lesson(&mut self, asked: &LessonQuestion) {
        let language = self.language;
        let lead = asked.lead.as_ref();
        let choices = asked.question.choices.iter();
        let question = Item::Question {
            letter: self.next_letter(),
            lead: lead.map(|lead| lead.get(language).clone()),
            text: asked.question.ask.get(language).clone(),
            room: Room::Choices(choices.map(|choice| choice.get(language).clone()).collect()),
        };
        self.items.push(question);
    }

    /// The answers to what [`Asked::ask`] asks, in the same order.
    fn answer(&mut self, exercise: &Exercise) {
        let plan = &exercise.plan;
        self.answers(match exercise.following.last() {
            None => shape_lines(plan),
            Some(last) => {
                let plans = std::iter::once(plan).chain(&exercise.following);
                let mut lines: Lines = plans.map(shape_line).collect();
                lines.push(Localized::same(last.output_shape().to_string()));
                lines
            }
        });
        for value in &exercise.values {
            self.answers(value_lines(exercise, value));
        }
        if let Some(count) = exercise.count {
            self.answers(count_lines(plan, count));
        }
        if let Some(table) = paper_table(exercise) {
            let answer = Item::Answer {
                letter: self.next_letter(),
                lines: Vec::new(),
                table: Some(table),
            };
            self.items.push(answer);
        }
    }

    fn answer_of_lesson(&mut self, asked: &LessonQuestion) {
        let question = &asked.question;
        let right = question.choices.get(question.answer).cloned();
        let why = question.whys.get(question.answer);
        let why = why.or(asked.why.as_ref()).cloned();
        let said = question.choices.iter().zip(&question.whys).enumerate();
        let wrong = said.filter(|(index, _)| *index != question.answer);
        let wrong = wrong.map(|(_, (choice, why))| {
            Localized::join([choice.clone(), why.clone()], Localized::new(": ", ": "))
        });
        self.answers(wrong.chain(why).chain(right).collect());
    }
}

/// What the tables show.
fn note(exercise: &Exercise) -> Localized<String> {
    let input = exercise.operands.input();
    let shape = input.shape();
    let mut notes = vec![says!(en: "The input is {shape}.", ja: "入力は {shape} です。")];
    let view = View::of(shape);
    let tables = given(&exercise.plan, &exercise.operands, &exercise.values).unwrap_or_default();
    let shown = tables
        .iter()
        .filter(|table| table.caption.starts_with("input"));
    let shown: usize = shown.map(|table| table.rows.len() * table.columns()).sum();
    let all: usize = view.dims.iter().product();
    if shown < all {
        notes.push(says!(
            en: "Here is the part of it that the questions need.",
            ja: "ここには、計算に必要な部分だけを示します。"
        ));
    }
    let weight = exercise.operands.weight();
    if !is_exact(input) || weight.is_some_and(|weight| !is_exact(weight)) {
        notes.push(says!(
            en: "Its numbers or the weights are rounded; the last digit of a result may differ.",
            ja: "数は丸めてあるので、結果の最後の桁は違うことがあります。"
        ));
    }
    Localized::join(notes, Localized::new(" ", ""))
}

/// On how many lines a value is worked out.
fn room(value: &AskedValue) -> usize {
    let terms = value.terms().len();
    if terms <= SHORT {
        1
    } else if terms <= MIDDLE {
        2
    } else {
        4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson;

    const LESSON: &str = r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(
        title: (en: "A", ja: "甲"), input: (shape: (1, 6, 6)),
        layers: [Conv2d(filters: 1, kernel: (3, 3)), MaxPool2d(kernel: (2, 2))],
        beats: [
            Predict(ask: (en: "How wide?", ja: "幅は?"), choices: [2, 4], answer: OutputWidth),
            Run(to: End, over: 2.0),
            Say(text: (en: "It is so.", ja: "そうなります。")),
        ])])"#;

    fn sheet() -> Worksheet {
        let (lesson, _) = lesson::read("t.ron", LESSON).unwrap();
        Worksheet::new(&lesson, 1)
    }

    /// The letters of all questions and of all answers.
    fn letters(items: &[Item]) -> [Vec<&str>; 2] {
        let mut letters = [Vec::new(), Vec::new()];
        for item in items {
            match item {
                Item::Question { letter, .. } => letters[0].push(letter.as_str()),
                Item::Answer { letter, .. } => letters[1].push(letter.as_str()),
                Item::Title { .. }
                | Item::Heading(_)
                | Item::Note(_)
                | Item::Code(_)
                | Item::Tables(_)
                | Item::NewPage => {}
            }
        }
        letters
    }

    #[test]
    fn each_question_has_an_answer_by_its_letter_in_each_language() {
        for language in Language::ALL {
            let items = sheet().items(language, true);
            let [asked, answered] = letters(&items);
            assert!(asked.len() >= 4, "{asked:?}");
            assert_eq!(asked, answered);
        }
    }

    #[test]
    fn without_the_solution_nothing_is_told() {
        let items = sheet().items(Language::En, false);
        assert!(letters(&items)[1].is_empty());
        assert!(!items.contains(&Item::NewPage));
        let said = format!("{items:?}");
        assert!(!said.contains("It is so.") && !said.contains("Found("));
    }

    #[test]
    fn the_right_choice_stands_behind_why_it_is_right() {
        let items = sheet().items(Language::Ja, true);
        let Some(Item::Answer { lines, .. }) = items.last() else {
            panic!("{items:?}");
        };
        assert_eq!(lines, &["そうなります。", "2"]);
    }

    #[test]
    fn the_solution_says_of_each_choice_why() {
        let whys = r#"answer: OutputWidth, why: [
            (en: "The pool halves 4.", ja: "4の半分です。"), (en: "That is before the pool.", ja: "プーリングの前です。"),
        ]"#;
        let (lesson, _) =
            lesson::read("t.ron", &LESSON.replace("answer: OutputWidth", whys)).unwrap();
        let items = Worksheet::new(&lesson, 1).items(Language::En, true);
        let Some(Item::Answer { lines, .. }) = items.last() else {
            panic!("{items:?}");
        };
        let expected = ["4: That is before the pool.", "The pool halves 4.", "2"];
        assert_eq!(lines, &expected);
        let asked = Worksheet::new(&lesson, 1).items(Language::En, false);
        assert!(!format!("{asked:?}").contains("halves"));
    }

    #[test]
    fn the_shape_of_each_layer_of_a_chain_is_asked_for_and_told() {
        let items = sheet().items(Language::En, true);
        let rows = items.iter().find_map(|item| match item {
            Item::Question {
                room: Room::Shapes(rows),
                ..
            } => Some(rows),
            _ => None,
        });
        let axes: Vec<usize> = rows.unwrap().iter().map(|row| row.axes).collect();
        assert_eq!(axes, [3, 3]);
        let told = items.iter().find_map(|item| match item {
            Item::Answer { lines, .. } => lines.last(),
            _ => None,
        });
        assert_eq!(told.unwrap(), "1 × 2 × 2");
    }

    #[test]
    fn two_sheets_of_a_seed_are_the_same() {
        assert_eq!(
            sheet().items(Language::En, true),
            sheet().items(Language::En, true)
        );
    }
}
