-- That a task is not hidden: of few rows, so that it costs next to nothing.
NOT EXISTS (SELECT FROM discussion_hidden_v h
            WHERE h.subject_kind = 'task' AND h.subject_id = q.task_id AND h.until > (SELECT at FROM admitted))
