"""Who works where and as what: roles, the rights a school gives them, duties by date, substitutions."""
