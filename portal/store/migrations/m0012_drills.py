"""Runs of drills: append-only events, ratings, what was chosen, improvement actions."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0012_drills(db: SqliteUtils) -> None:
    """Runs with one participant or many, their events, results, summaries, improvement actions."""
    run(
        db,
        # every version of a drill that anybody has played; body is canonical JSON
        """
        CREATE TABLE drill_versions (
            version TEXT PRIMARY KEY,
            drill_id TEXT NOT NULL,
            body TEXT NOT NULL,
            first_met_at TEXT NOT NULL
        ) STRICT
        """,
        # person_id began the run: the one who plays alone, or the facilitator of a group;
        # unit_id is the unit at the time, where the results count for ever
        """
        CREATE TABLE drill_runs (
            id INTEGER PRIMARY KEY,
            drill_id TEXT NOT NULL,
            course_id TEXT NOT NULL,
            version TEXT NOT NULL REFERENCES drill_versions (version),
            kind TEXT NOT NULL CHECK (kind IN ('solo', 'group')),
            seed INTEGER NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            unit_id INTEGER REFERENCES units (id),
            started_at TEXT NOT NULL,
            ended_at TEXT,
            outcome TEXT CHECK (outcome IN ('finished', 'stopped')),
            ending TEXT,
            passed INTEGER CHECK (passed IN (0, 1)),
            best INTEGER CHECK (best IN (0, 1)),
            score REAL
        ) STRICT
        """,
        # at most one open run a person and drill alone, even after a double click
        """
        CREATE UNIQUE INDEX drill_runs_open ON drill_runs (person_id, drill_id)
        WHERE ended_at IS NULL AND kind = 'solo'
        """,
        "CREATE INDEX drill_runs_person ON drill_runs (person_id, started_at)",
        "CREATE INDEX drill_runs_drill ON drill_runs (drill_id, started_at)",
        "CREATE INDEX drill_runs_unit ON drill_runs (unit_id, ended_at)",
        """
        CREATE TABLE drill_participants (
            run_id INTEGER NOT NULL REFERENCES drill_runs (id),
            person_id INTEGER NOT NULL REFERENCES people (id),
            unit_id INTEGER REFERENCES units (id),
            role TEXT NOT NULL DEFAULT '',
            joined_at TEXT NOT NULL,
            left_at TEXT,
            PRIMARY KEY (run_id, person_id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX drill_participants_person ON drill_participants (person_id)",
        # the last sign of each participant: overwritten, not a record
        """
        CREATE TABLE drill_presence (
            run_id INTEGER NOT NULL REFERENCES drill_runs (id),
            person_id INTEGER NOT NULL,
            seen_at TEXT NOT NULL,
            PRIMARY KEY (run_id, person_id)
        ) STRICT, WITHOUT ROWID
        """,
        # the one place where a run lives: never updated, never deleted; body is JSON
        """
        CREATE TABLE drill_events (
            run_id INTEGER NOT NULL REFERENCES drill_runs (id),
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            person_id INTEGER REFERENCES people (id),
            at TEXT NOT NULL,
            body TEXT NOT NULL DEFAULT '{}',
            PRIMARY KEY (run_id, number)
        ) STRICT, WITHOUT ROWID
        """,
        *append_only("drill_events"),
        # what a finished run says of each participant, one row an objective it met
        """
        CREATE TABLE drill_ratings (
            run_id INTEGER NOT NULL REFERENCES drill_runs (id),
            person_id INTEGER NOT NULL REFERENCES people (id),
            objective TEXT NOT NULL,
            capability TEXT NOT NULL,
            critical INTEGER NOT NULL CHECK (critical IN (0, 1)),
            score REAL NOT NULL,
            rating TEXT NOT NULL CHECK (rating IN ('P', 'S', 'M', 'U')),
            PRIMARY KEY (run_id, person_id, objective)
        ) STRICT, WITHOUT ROWID
        """,
        # summaries of finished runs, kept inside the transactions that finish them
        """
        CREATE TABLE unit_drills (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            drill_id TEXT NOT NULL,
            runs INTEGER NOT NULL DEFAULT 0,
            best INTEGER NOT NULL DEFAULT 0,
            score_sum REAL NOT NULL DEFAULT 0,
            last_at TEXT NOT NULL,
            PRIMARY KEY (unit_id, drill_id)
        ) STRICT, WITHOUT ROWID
        """,
        # people who have finished the drill in the unit, so that groups under five can be hidden
        """
        CREATE TABLE unit_drill_people (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            drill_id TEXT NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            PRIMARY KEY (unit_id, drill_id, person_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE unit_drill_objectives (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            drill_id TEXT NOT NULL,
            objective TEXT NOT NULL,
            p INTEGER NOT NULL DEFAULT 0,
            s INTEGER NOT NULL DEFAULT 0,
            m INTEGER NOT NULL DEFAULT 0,
            u INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (unit_id, drill_id, objective)
        ) STRICT, WITHOUT ROWID
        """,
        # how often an option was taken; version is that of the decision
        """
        CREATE TABLE unit_drill_options (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            drill_id TEXT NOT NULL,
            decision_id TEXT NOT NULL,
            version TEXT NOT NULL,
            option INTEGER NOT NULL,
            rating TEXT NOT NULL,
            taken INTEGER NOT NULL DEFAULT 0,
            by_clock INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (unit_id, drill_id, decision_id, version, option)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX unit_drill_options_drill ON unit_drill_options (drill_id, decision_id)",
        # the improvement plan: text is what a facilitator wrote, '' where the portal made it;
        # decisions is a JSON list of ids; a retest closes it
        """
        CREATE TABLE drill_actions (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES drill_runs (id),
            drill_id TEXT NOT NULL,
            objective TEXT NOT NULL,
            capability TEXT NOT NULL,
            decisions TEXT NOT NULL DEFAULT '[]',
            text TEXT NOT NULL DEFAULT '',
            person_id INTEGER NOT NULL REFERENCES people (id),
            unit_id INTEGER REFERENCES units (id),
            course_id TEXT NOT NULL DEFAULT '',
            due_on TEXT NOT NULL,
            opened_at TEXT NOT NULL,
            closed_at TEXT,
            closed_by_run INTEGER REFERENCES drill_runs (id)
        ) STRICT
        """,
        """
        CREATE INDEX drill_actions_open ON drill_actions (person_id, drill_id)
        WHERE closed_at IS NULL
        """,
        """
        CREATE INDEX drill_actions_unit ON drill_actions (unit_id, due_on)
        WHERE closed_at IS NULL
        """,
        "CREATE INDEX drill_actions_run ON drill_actions (run_id)",
    )
