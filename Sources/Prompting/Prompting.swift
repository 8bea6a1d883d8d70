// Prompting
