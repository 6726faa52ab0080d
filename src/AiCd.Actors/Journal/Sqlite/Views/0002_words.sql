-- Words are given only where they are new, so that nothing needs to tell whether the issue was edited.
alter table jobs drop column issue_edited;
