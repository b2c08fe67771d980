//! The literal lane: the few literals that have to be searched for in every byte.

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, MatchKind};

/// From this length on, in bytes, a literal gives the search a fingerprint of four bytes.
const LONG: usize = 4;

/// Literals with their anchors. Those of three bytes are searched for apart: the search takes as many
/// bytes of each literal for its fingerprint as the shortest has, and with three `class` and `_path`
/// look like the beginnings of words that are searched for (measured: several per cent of a scan).
#[derive(Debug)]
pub(super) struct Literals {
    short: Table,
    long: Table,
}

impl Literals {
    /// Prepares the search for (literal, anchor).
    pub(super) fn new(literals: Vec<(Vec<u8>, u32)>) -> Self {
        let (long, short) = literals
            .into_iter()
            .partition(|(text, _)| text.len() >= LONG);
        Self {
            short: Table::new(short),
            long: Table::new(long),
        }
    }

    /// Calls `found` with each place and anchor.
    pub(super) fn search(&self, text: &[u8], mut found: impl FnMut(usize, u32)) {
        self.short.search(text, &mut found);
        self.long.search(text, &mut found);
    }
}

/// A vectorised search where the processor has one and the literals are few.
#[derive(Debug)]
struct Table {
    texts: Vec<Vec<u8>>,
    numbers: Vec<Vec<u32>>,
    /// For each literal: those that may stand at the same place, itself among them.
    related: Vec<Vec<usize>>,
    /// The literals that are searched for, by their numbers in the engine.
    places: Vec<usize>,
    engine: Option<Engine>,
}

#[derive(Debug)]
enum Engine {
    Packed(packed::Searcher),
    Automaton(Box<AhoCorasick>),
}

impl Table {
    fn new(mut literals: Vec<(Vec<u8>, u32)>) -> Self {
        literals.sort();
        let (mut texts, mut numbers): (Vec<Vec<u8>>, Vec<Vec<u32>>) = (Vec::new(), Vec::new());
        for (text, number) in literals {
            if texts.last() != Some(&text) {
                texts.push(text);
                numbers.push(Vec::new());
            }
            if let Some(list) = numbers.last_mut() {
                list.push(number);
            }
        }
        let one_begins_other = |a: &Vec<u8>, b: &Vec<u8>| a.starts_with(b) || b.starts_with(a);
        let related = |text: &Vec<u8>| {
            (0..texts.len())
                .filter(|&other| one_begins_other(text, &texts[other]))
                .collect()
        };
        let related = texts.iter().map(related).collect();
        // Of literals that begin alike the shortest finds all.
        let is_first = |text: &&Vec<u8>| {
            !texts
                .iter()
                .any(|other| other != *text && text.starts_with(other))
        };
        let searched: Vec<&Vec<u8>> = texts.iter().filter(is_first).collect();
        let places = texts
            .iter()
            .enumerate()
            .filter(|(_, text)| searched.contains(text))
            .map(|(place, _)| place)
            .collect();
        let engine = Engine::new(&searched);
        Self {
            texts,
            numbers,
            related,
            places,
            engine,
        }
    }

    fn search(&self, text: &[u8], found: &mut impl FnMut(usize, u32)) {
        let Some(engine) = &self.engine else { return };
        let mut from = 0;
        while let Some((at, literal)) = engine.find(text, from) {
            // One literal may begin with another: all that stand here are proposed.
            let literal = self.places[literal];
            for &other in &self.related[literal] {
                if other == literal || text[at..].starts_with(&self.texts[other]) {
                    self.numbers[other]
                        .iter()
                        .for_each(|&number| found(at, number));
                }
            }
            from = at + 1;
        }
    }
}

impl Engine {
    fn new(texts: &[&Vec<u8>]) -> Option<Self> {
        if texts.is_empty() {
            return None;
        }
        let mut builder = packed::Config::new()
            .match_kind(packed::MatchKind::LeftmostFirst)
            .builder();
        let packed = builder.extend(texts).build().map(Self::Packed);
        packed.or_else(|| {
            let automaton = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostFirst)
                .build(texts);
            Some(Self::Automaton(Box::new(automaton.expect(
                "a few hundred short literals are no large automaton",
            ))))
        })
    }

    /// Where the next literal stands, and which.
    fn find(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        match self {
            Self::Packed(searcher) => {
                let span = aho_corasick::Span {
                    start: from,
                    end: text.len(),
                };
                searcher
                    .find_in(text, span)
                    .map(|found| (found.start(), found.pattern().as_usize()))
            }
            Self::Automaton(automaton) => {
                let input = aho_corasick::Input::new(text).range(from..);
                automaton
                    .find(input)
                    .map(|found| (found.start(), found.pattern().as_usize()))
            }
        }
    }
}
