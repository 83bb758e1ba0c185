"""`make bench`: every benchmark, one after another. Ratios in one run, never a timed test."""

from bench import assessing, intake, reading, stages

if __name__ == "__main__":
    intake.main()
    stages.main()
    reading.main()
    assessing.main()
