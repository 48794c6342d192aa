drop function known_faces(uuid[]);
