"""Pages as their people see them: one file for each part of the job."""
