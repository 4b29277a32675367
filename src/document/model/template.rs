//! What a new document begins with.

use super::DocumentType;

const PRD: &str = "## Problem

Who has it, how often, and what do they do today? Link the ideas and the feedback that say so.

## Goals

- What is different for the customer once this is out
- The number that tells us, its value today, and the value we aim for

## Not goals

- What this does not try to solve, so that nobody waits for it

## Who it is for

| Person | What they want to get done | What stands in their way |
| --- | --- | --- |
|  |  |  |

## What we build

As a …, I want …, so that …

- [ ] Must
- [ ] Should
- [ ] Could

## How we will know

| Measure | Today | Target | When we look |
| --- | --- | --- | --- |
|  |  |  |  |

## Risks and open questions

- [ ] Question, and who answers it

## Plan

From the first users who try it to everybody, and the way back if it goes wrong.";

const RFC: &str = "**Comments until:** date · **Decides:** @name

## Summary

The proposal in three sentences, for somebody who reads nothing else.

## Why

What is wrong with how it is today, and what happens if we do nothing.

## Proposal

What we do, in enough detail to disagree with.

## What it costs

Work, running costs, and what becomes harder afterwards.

## Alternatives

1. What else we thought of, and why not
2. Doing nothing

## Open questions

- [ ] What has to be answered before this is decided

## Decision

Who decided what, when, and why.";

const SPEC: &str = "## Scope

What this describes, and what it leaves to others.

## Terms

| Term | Meaning |
| --- | --- |
|  |  |

## Behaviour

1. Given …, when …, then …

## Data

What is stored, where, for how long, and who may see it.

## Interfaces

```
GET /api/…
```

## Edge cases

- Nothing there yet
- Very many, very long, very slow
- Two people at the same time
- Not allowed

## Limits and speed

How many, how large, how quick, and what happens beyond.

## Acceptance

- [ ] What a tester does, and what they have to see";

const GUIDE: &str = "## Who this is for

What you can do once you have read it, and how long it takes.

## Before you begin

- What you need
- What you have to be allowed to do

## Steps

1. Do this
2. Then that, and see …
3. Check that it worked

## If it does not work

| What you see | Why | What to do |
| --- | --- | --- |
|  |  |  |

## Where to go from here

Links to what one does next, and whom to ask.";

const POLICY: &str = "**Owner:** @name · **In force from:** date · **Looked at again:** date

## Purpose

Which risk or which promise this is about.

## Whom it binds

Everybody in the organisation, unless it says otherwise here.

## The rule

1. What everybody has to do
2. What nobody may do

## Exceptions

Who may allow one, for how long, and where it is written down.

## When it was not kept

Whom to tell, how soon, and what happens then.

## Changes

What has changed since the last version, and why.";

const GENERAL: &str = "## In short

What a reader should know or do, in two sentences.

## Background

What led to this.

## Notes

-

## Next steps

- [ ] Who does what, until when";

/// The text that a new document of this type begins with.
pub fn template(kind: DocumentType) -> &'static str {
    match kind {
        DocumentType::Prd => PRD,
        DocumentType::Rfc => RFC,
        DocumentType::Spec => SPEC,
        DocumentType::Guide => GUIDE,
        DocumentType::Policy => POLICY,
        DocumentType::General => GENERAL,
    }
}
