"""`make bench`: every benchmark, one after another. Ratios in one run, never a timed test."""

from bench import assessing, intake, reading, referrals, scores, stages

if __name__ == "__main__":
    intake.main()
    stages.main()
    scores.main()
    reading.main()
    referrals.main()
    assessing.main()
