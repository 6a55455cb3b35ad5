"""What happens in lessons and is told about them: attendance, marks, remarks, homework, the diary."""
