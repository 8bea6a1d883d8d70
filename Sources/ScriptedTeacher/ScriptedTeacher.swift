// ScriptedTeacher
