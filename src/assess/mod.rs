//! Assessment: from a match to what it means.
//!
//! For each credential: is it well formed, what can it do, where, for how long, who reaches it, does
//! its power fit its purpose, how bad is that. Everything concluded carries its evidence; what cannot
//! be told offline is said to be unknown.

pub mod environment;
mod identity;
pub mod probe;
pub mod purpose;
pub mod severity;
pub mod specimen;
pub mod validator;

use crate::detect::context::Tie;
use crate::evidence::{Evidence, Judged};
use crate::finding::{Commit, Companion, Finding, Source, Validity};
use crate::lifetime::{DAY, Lifetime, UnixSeconds};
use crate::privilege::{Certainty, Privilege};
use crate::reachability::{Facet, Reachability};
use crate::rule::{Rule, RuleSet};
use crate::secret::Secret;
use crate::severity::Confidence;
use identity::{Namer, hash, is_safe_to_hash};
use probe::Workspace;
use specimen::Specimen;
use std::collections::HashMap;
use std::sync::Arc;
use validator::{Reading, Subject};

/// Assesses the matches of one scan.
#[derive(Debug)]
pub struct Assessor<'a> {
    rules: &'a RuleSet,
    workspace: Option<&'a Workspace>,
    now: UnixSeconds,
    namer: Namer,
    /// What was found out about the place of the finding before.
    reached: Option<Reached>,
    /// Numbers of credentials, by a hash of their bytes.
    credentials: HashMap<[u8; 32], u32>,
}

/// A path and the commit that holds it, who reaches it, and when it was last changed.
type Reached = (
    (String, Option<Arc<Commit>>),
    Reachability,
    Option<UnixSeconds>,
);

impl<'a> Assessor<'a> {
    /// An assessor; `now` is the present moment, `workspace` what is known of the tree.
    pub fn new(rules: &'a RuleSet, workspace: Option<&'a Workspace>, now: UnixSeconds) -> Self {
        Self {
            rules,
            workspace,
            now,
            namer: Namer::default(),
            reached: None,
            credentials: HashMap::new(),
        }
    }

    /// Assesses one match. None where the offline checks show that it is no credential.
    ///
    /// Call it in the order of the report: fingerprints and credential numbers count occurrences.
    pub fn assess(&mut self, mut specimen: Specimen) -> Option<Finding> {
        let rule = Arc::clone(self.rules.at(specimen.rule));
        let reading = self.read(&rule, &specimen)?;
        let mut validity = reading
            .validity
            .clone()
            .unwrap_or_else(|| named_by(&specimen));
        if specimen.wrapped {
            let wrapped = Evidence::new("it stands there in base64");
            validity.evidence.push(wrapped);
        }
        let confidence = if validity.value == Validity::ChecksumFailed {
            Confidence::Low
        } else {
            specimen.confidence
        };
        let privilege = privilege(&rule, &reading);
        let environment = environment(&rule, &reading, &specimen);
        let lifetime = lifetime(&rule, &reading);
        let purpose = purpose::judge(
            &purpose::Stated {
                key: &specimen.key,
                path: &specimen.path,
                comment: &specimen.comment,
                provider: &rule.provider,
            },
            &privilege,
        );
        let (reachability, age_days) = self.reach(&specimen);
        let (fingerprint, identity) = self.namer.name(&rule, &specimen);
        let severity = severity::severity(
            &privilege,
            environment.value,
            lifetime.value,
            reachability.exposure,
            self.now,
        );
        Some(Finding {
            confidence,
            line_hash: self.line_hash(&mut specimen),
            fingerprint,
            identity,
            credential: self.credential(&specimen),
            preview: preview(&rule, &specimen.secret),
            companion: specimen
                .companion
                .map(|(other, start, secret)| self.companion(other, start, secret)),
            path: specimen.path,
            source: specimen.origin.source,
            commit: specimen.origin.commit,
            span: specimen.span,
            start: specimen.position.0,
            end: specimen.position.1,
            secret: specimen.secret,
            line: specimen.line,
            previous_line: specimen.previous_line,
            key: Some(specimen.key).filter(|key| !key.is_empty()),
            validity,
            privilege,
            environment,
            lifetime,
            age_days,
            purpose,
            reachability,
            severity,
            rule,
        })
    }

    /// What the rule's inspectors read; None where one of them rejects the value.
    fn read(&self, rule: &Rule, specimen: &Specimen) -> Option<Reading> {
        let subject = Subject {
            secret: specimen.secret.expose(),
            matched: specimen.matched.expose(),
            block: specimen.block.expose(),
            now: self.now,
        };
        let mut whole = Reading::default();
        for name in [&rule.validator, &rule.decoder] {
            let Some(inspect) = validator::find(name) else {
                continue;
            };
            let reading = inspect(&subject);
            if reading.rejected {
                return None;
            }
            whole = merged(whole, reading);
            if rule.validator == rule.decoder {
                break;
            }
        }
        Some(whole)
    }

    /// The line's hash, for what git has, and where it leaves the credential unguessable.
    fn line_hash(&self, specimen: &mut Specimen) -> Option<String> {
        let tracked = match specimen.origin.source {
            Source::File => self
                .workspace
                .is_some_and(|workspace| workspace.tracks(&specimen.path)),
            Source::Staged | Source::Since | Source::History => true,
            Source::Stdin | Source::Message | Source::Branch => false,
        };
        let hash = specimen.line_hash.take();
        hash.filter(|_| tracked && is_safe_to_hash(specimen.secret.expose()))
    }

    /// Asking the file system costs much more than a finding, and a file may have thousands.
    fn reach(&mut self, specimen: &Specimen) -> (Reachability, Option<u32>) {
        let place = (specimen.path.clone(), specimen.origin.commit.clone());
        let known = self.reached.take().filter(|reached| reached.0 == place);
        let (place, reachability, since) = known.unwrap_or_else(|| {
            let (facets, since) = self.look_around(specimen);
            (place, Reachability::of(facets), since)
        });
        let days =
            |at: UnixSeconds| u32::try_from((self.now - at).max(0) / DAY).unwrap_or(u32::MAX);
        let age = since.map(days);
        self.reached = Some((place, reachability.clone(), since));
        (reachability, age)
    }

    fn look_around(&self, specimen: &Specimen) -> (Vec<Facet>, Option<UnixSeconds>) {
        let origin = &specimen.origin;
        match (origin.source, self.workspace, &origin.commit) {
            (Source::File | Source::Staged, Some(workspace), _) => (
                probe::facets(workspace, &specimen.path),
                workspace.modified(&specimen.path),
            ),
            (Source::Since | Source::History, _, Some(commit)) => {
                (probe::facets_of_commit(&commit.id), Some(commit.time))
            }
            (Source::History, ..) => (probe::facets_of_reference(), None),
            _ => (vec![probe::unknown()], None),
        }
    }

    fn companion(
        &self,
        rule: usize,
        start: crate::location::Position,
        secret: Secret,
    ) -> Companion {
        let rule = self.rules.at(rule);
        Companion {
            rule: Arc::clone(&rule.id),
            preview: preview(rule, &secret),
            start,
            secret,
        }
    }

    fn credential(&mut self, specimen: &Specimen) -> u32 {
        let next = u32::try_from(self.credentials.len() + 1).unwrap_or(u32::MAX);
        *self
            .credentials
            .entry(hash(&[specimen.secret.expose()]))
            .or_insert(next)
    }
}

/// Where nothing can be checked, what tied the value to its provider is all there is to say.
fn named_by(specimen: &Specimen) -> Judged<Validity> {
    let evidence = match specimen.tie {
        Some(Tie::Key(_) | Tie::Noun(_) | Tie::Header) if !specimen.key.is_empty() => {
            format!("it stands under the name `{}`", specimen.key)
        }
        Some(Tie::Host) => "a host of its provider stands beside it".to_owned(),
        Some(Tie::Call) => "it is handed to its provider's client".to_owned(),
        Some(Tie::Section) => "the section around it has its provider's name".to_owned(),
        Some(Tie::File) => "this is its provider's file".to_owned(),
        Some(Tie::Prose) => "the words before it name its provider".to_owned(),
        _ => return Judged::default(),
    };
    Judged::new(Validity::Unknown, evidence)
}

/// What may be shown. Of a form that several providers share nothing: it may be a password that a
/// person made up, and four characters of such a one are many.
fn preview(rule: &Rule, secret: &Secret) -> String {
    if rule.catch_all {
        Secret::HIDDEN.to_owned()
    } else {
        secret.preview(rule.public_prefix)
    }
}

/// The second reading completes the first; a failed check is never forgotten.
fn merged(first: Reading, second: Reading) -> Reading {
    let validity = match (first.validity, second.validity) {
        (Some(first), Some(second)) => Some(if first.value >= second.value {
            first
        } else {
            second
        }),
        (first, second) => first.or(second),
    };
    let mut evidence = first.evidence;
    evidence.extend(second.evidence);
    Reading {
        validity,
        capabilities: second.capabilities.or(first.capabilities),
        breadth: second.breadth.or(first.breadth),
        certainty: second.certainty.or(first.certainty),
        identity: second.identity.or(first.identity),
        environment: second.environment.or(first.environment),
        lifetime: second.lifetime.or(first.lifetime),
        evidence,
        rejected: false,
    }
}

fn privilege(rule: &Rule, reading: &Reading) -> Privilege {
    let record = &rule.record;
    let certainty = reading.certainty.unwrap_or(record.certainty);
    let mut evidence = vec![Evidence::new(record.because.clone())];
    evidence.extend(reading.evidence.iter().cloned());
    Privilege {
        capabilities: reading.capabilities.unwrap_or(record.capabilities),
        breadth: reading.breadth.unwrap_or(record.breadth),
        certainty,
        // What was read from the value leaves nothing hidden to narrow it.
        narrowing: record.narrowing && certainty != Certainty::Certain,
        identity: reading.identity.unwrap_or(record.identity),
        recovery: record.recovery.clone(),
        evidence,
    }
}

fn environment(
    rule: &Rule,
    reading: &Reading,
    specimen: &Specimen,
) -> Judged<crate::environment::Environment> {
    let secret = specimen.secret.expose();
    let near = nearby(specimen.block.expose(), specimen.matched.expose());
    let block = String::from_utf8_lossy(near).replace(&*String::from_utf8_lossy(secret), " ");
    environment::judge(&environment::Clues {
        token: reading.environment.as_ref(),
        kind: rule.record.environment,
        block: &block,
        path: &specimen.path,
        key: &specimen.key,
        sections: &specimen.sections,
    })
}

/// The lines of the block right around the match: what stands further off speaks of something else.
fn nearby<'b>(block: &'b [u8], matched: &[u8]) -> &'b [u8] {
    let at = memchr::memmem::find(block, matched).unwrap_or(0);
    let span = crate::detect::surroundings::nearby(
        block,
        crate::location::Span {
            start: at,
            end: (at + matched.len()).min(block.len()),
        },
    );
    &block[span.start..span.end]
}

fn lifetime(rule: &Rule, reading: &Reading) -> Judged<Lifetime> {
    if let Some(lifetime) = &reading.lifetime {
        return lifetime.clone();
    }
    let value = Lifetime::from(rule.record.lifetime);
    let because = match value {
        Lifetime::LongLived => "this kind does not expire unless that was set",
        Lifetime::ShortLived => "this kind lives for hours",
        Lifetime::Bounded { .. } => "the provider caps the life of this kind",
        _ => {
            return Judged {
                value,
                evidence: Vec::new(),
            };
        }
    };
    Judged::new(value, because)
}
