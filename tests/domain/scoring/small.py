"""A smallest sound model; tests change one line of it."""

SMALL = """\
schema: riskmodel/1
model: small
title: A small model
purpose: To be changed by tests.
change: {kind: new, reason: "a model for the tests of loading"}
effective_from: 2026-01-01
decimals: 1
indicators:
  missing:
    title: Missing from home
    kind: risk
    held_by: [police]
    reads: missing_episode
    answer: flag
    windows:
      - {from: P0M, to: P6M, points: "5"}
      - {from: P6M, to: P12M, points: "1"}
  hurt:
    title: Hurt by someone
    kind: harm
    held_by: [health, social_care]
    answer: flag
    points: "2.5"
bands:
  - {id: low, from: "0"}
  - {id: high, from: "6"}
floors:
  - {id: harm, band: high, reason: Someone is hurt, when: {kind: harm}}
golden:
  - name: nothing in reach
    as_of: 2026-06-01
    child: {date_of_birth: 2012-01-01}
    given:
      - {code: missing_episode, answer: no, observed_on: 2026-05-01}
      - {code: hurt, answer: no, observed_on: 2026-05-01}
    expect: {total: "0", band: low, status: complete}
  - name: highest below high
    as_of: 2026-06-01
    given: [{code: missing_episode, answer: yes, observed_on: 2026-05-01}]
    expect: {total: "5", band: low, band_range: [low, high]}
  - name: lowest in high
    as_of: 2026-06-01
    given:
      - {code: missing_episode, answer: yes, observed_on: 2026-05-01}
      - {code: missing_episode, answer: yes, observed_on: 2025-10-01}
    expect: {total: "6", interval: ["6", "8.5"], band: high}
  - name: harm lifts the band, not the points
    as_of: 2026-06-01
    given: [{code: hurt, answer: yes, observed_on: 2026-05-01}]
    expect: {total: "2.5", band: high, floors: [harm]}
"""
